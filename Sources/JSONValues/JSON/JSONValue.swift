// SPDX-License-Identifier: MIT

/// One JSON value (RFC 8259).
///
/// An integer and a number are different values even where they are numerically equal, because callers must tell
/// `1` from `1.0`. Strings compare as Swift strings do, by canonical equivalence; names of members compare by
/// their bytes.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number. One that is not finite is written as `null`.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

// MARK: - Values from Swift

extension JSONValue {
    /// The text, or null where there is none.
    package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

    /// The truth value, or null where there is none.
    package init(_ truth: Bool?) { self = truth.map(JSONValue.bool) ?? .null }

    /// The integer, or null where there is none.
    package init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }

    /// The integer, or null where there is none.
    package init(_ integer: Int64?) { self = integer.map(JSONValue.integer) ?? .null }

    /// The number, or null where there is none or it is not finite.
    package init(_ number: Double?) { self = number.map(JSONValue.number) ?? .null }

    /// The single-precision number with its own shortest text, or null where there is none or it is not finite.
    package init(_ number: Float?) {
        // A decimal of at most nine digits survives double precision, so the text stays the one of the Float.
        guard let number, number.isFinite, let decimal = Double(number.description) else {
            self = .null
            return
        }
        self = .number(decimal)
    }

    /// The text, or null where there is none; for places where overloads of `init` would be unclear.
    package static func optional(_ text: String?) -> JSONValue { JSONValue(text) }

    /// An array of single-precision numbers, each with the shortest text that reads back to the same `Float`.
    ///
    /// Numbers that are not finite become null.
    package static func floats(_ numbers: [Float]) -> JSONValue {
        .array(numbers.map { JSONValue($0) })
    }

    /// An array of texts.
    package static func strings(_ texts: some Sequence<String>) -> JSONValue {
        .array(texts.map(JSONValue.string))
    }
}
