// SPDX-License-Identifier: MIT

/// Numbers and texts as the text format writes them.
enum ExpositionText {
    /// The shortest text that reads back equal, integers without a fraction, and `NaN`, `+Inf`, `-Inf`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Every integer below 2⁵³ is exact; beyond, all digits would claim more than is known.
        if value.magnitude < 0x1p53, let integer = Int64(exactly: value) { return integer.description }
        return value.description
    }

    /// A help text with backslashes and line feeds escaped.
    static func help(_ text: String) -> String { escaped(text, quotes: false) }

    /// The value of a label in its quotes, with backslashes, quotes and line feeds escaped.
    static func quoted(_ text: String) -> String { "\"\(escaped(text, quotes: true))\"" }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += #"\\"#
            case "\n": escaped += #"\n"#
            case "\"" where quotes: escaped += #"\""#
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
