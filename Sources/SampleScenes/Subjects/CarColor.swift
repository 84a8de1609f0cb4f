// SPDX-License-Identifier: MIT

/// Paint of a car.
package enum CarColor: String, CaseIterable, Sendable {
    case red, blue, white, dark, yellow, green, silver, orange

    var color: Color {
        switch self {
        case .red: Color(196, 28, 34)
        case .blue: Color(30, 74, 176)
        case .white: Color(226, 228, 230)
        case .dark: Color(48, 50, 56)
        case .yellow: Color(232, 186, 30)
        case .green: Color(34, 116, 62)
        case .silver: Color(160, 166, 174)
        case .orange: Color(226, 112, 26)
        }
    }
}
