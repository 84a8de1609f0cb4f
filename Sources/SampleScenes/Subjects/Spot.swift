// SPDX-License-Identifier: MIT

/// Where a subject stands across the picture.
package enum Spot: String, CaseIterable, Sendable {
    case left, center, right

    /// −1, 0 or 1.
    var side: Double {
        switch self {
        case .left: -1
        case .center: 0
        case .right: 1
        }
    }
}
