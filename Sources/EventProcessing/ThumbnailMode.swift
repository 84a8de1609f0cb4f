// SPDX-License-Identifier: MIT

/// Where new thumbnails go.
public enum ThumbnailMode: String, Sendable, CaseIterable {
    /// A file under the data directory.
    case file
    /// Base64 in the event's row.
    case database
}
