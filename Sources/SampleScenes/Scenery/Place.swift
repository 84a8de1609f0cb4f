// SPDX-License-Identifier: MIT

/// What the camera looks at.
package enum Place: String, CaseIterable, Sendable {
    case drive, porch, street

    /// Label in the caption bar.
    package var caption: String {
        switch self {
        case .drive: "CAM 1 DRIVE"
        case .porch: "CAM 2 PORCH"
        case .street: "CAM 3 STREET"
        }
    }
}
