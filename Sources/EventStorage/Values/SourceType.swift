// SPDX-License-Identifier: MIT

/// How an event reached the system.
public enum SourceType: String, Sendable, CaseIterable {
    case rtsp, usb, protect, frigate, upload, folder
}
