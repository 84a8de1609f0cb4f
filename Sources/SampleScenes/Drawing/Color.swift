// SPDX-License-Identifier: MIT

/// A colour as three channels, nominally 0…255; values outside are allowed until the picture is rounded to bytes.
struct Color: Hashable, Sendable {
    var red: Float
    var green: Float
    var blue: Float

    init(_ red: Float, _ green: Float, _ blue: Float) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    static let black = Color(0, 0, 0)
    static let white = Color(255, 255, 255)

    /// Luma as television weighs it (ITU-R BT.601).
    var luminance: Float { 0.299 * red + 0.587 * green + 0.114 * blue }

    /// This colour moved towards `other` by `share`, 0…1.
    func mixed(with other: Color, _ share: Float) -> Color {
        Color(
            red + (other.red - red) * share,
            green + (other.green - green) * share,
            blue + (other.blue - blue) * share)
    }

    static func + (a: Color, b: Color) -> Color { Color(a.red + b.red, a.green + b.green, a.blue + b.blue) }
    static func * (a: Color, factor: Float) -> Color {
        Color(a.red * factor, a.green * factor, a.blue * factor)
    }
    static func * (a: Color, b: Color) -> Color { Color(a.red * b.red, a.green * b.green, a.blue * b.blue) }
}
