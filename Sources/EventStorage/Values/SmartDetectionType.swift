// SPDX-License-Identifier: MIT

/// What a camera with its own detector reported.
public enum SmartDetectionType: String, Sendable, CaseIterable {
    case person, vehicle, package, animal, motion, ring
}
