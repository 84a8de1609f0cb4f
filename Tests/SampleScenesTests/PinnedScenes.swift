// SPDX-License-Identifier: MIT

/// SHA-256 of each catalogue scene's samples at 640 × 360.
enum PinnedScenes {
    static let sha256: [String: String] = [:]
}
