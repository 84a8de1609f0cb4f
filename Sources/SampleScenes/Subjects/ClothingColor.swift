// SPDX-License-Identifier: MIT

/// Colour of a jacket.
package enum ClothingColor: String, CaseIterable, Sendable {
    case yellow, brown, darkBlue, red, green, grey

    var color: Color {
        switch self {
        case .yellow: Color(236, 208, 40)
        case .brown: Color(118, 76, 42)
        case .darkBlue: Color(34, 48, 98)
        case .red: Color(190, 36, 40)
        case .green: Color(52, 128, 72)
        case .grey: Color(126, 130, 136)
        }
    }
}
