// SPDX-License-Identifier: MIT

/// Numbers as the text format writes them.
enum SampleText {
    /// The shortest text that reads back equal, integers without a fraction, and `NaN`, `+Inf`, `-Inf`.
    static func of(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let integer = Int64(exactly: value), value.magnitude < 1e15 { return integer.description }
        return value.description
    }
}
