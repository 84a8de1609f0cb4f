// SPDX-License-Identifier: MIT

/// Reads the numbers of a vector's text without a string for each, with the results of the standard library.
///
/// A database of a million events has half a thousand million of them.
enum DecimalNumber {
    /// The powers of ten that double precision holds exactly.
    private static let powers: [Double] = (0...22).map { power in
        (0..<power).reduce(1.0) { value, _ in value * 10 }
    }

    /// The number that begins at `start`, and where it ends; nil when there is none, or none in single precision.
    static func read(_ bytes: Span<UInt8>, from start: Int) -> (Float, end: Int)? {
        var place = start
        let isNegative = place < bytes.count && bytes[place] == UInt8(ascii: "-")
        if isNegative || (place < bytes.count && bytes[place] == UInt8(ascii: "+")) { place += 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var significant = 0
        var exponent = 0
        while place < bytes.count {
            let byte = bytes[place]
            if byte >= 0x30, byte <= 0x39 {
                digits += 1
                significant += mantissa > 0 || byte > 0x30 ? 1 : 0
                mantissa = 10 &* mantissa &+ UInt64(byte - 0x30)
                place += 1
            } else {
                break
            }
        }
        if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
            place += 1
            while place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39 {
                digits += 1
                significant += mantissa > 0 || bytes[place] > 0x30 ? 1 : 0
                mantissa = 10 &* mantissa &+ UInt64(bytes[place] - 0x30)
                exponent -= 1
                place += 1
            }
        }
        guard digits > 0 else { return nil }
        if place < bytes.count, bytes[place] | 0x20 == UInt8(ascii: "e") {
            guard let (power, end) = self.exponent(bytes, from: place + 1) else { return nil }
            exponent += power
            place = end
        }
        // Nineteen digits fit into 64 bits.
        if significant <= 19, let value = quick(mantissa, exponent) {
            return (isNegative ? -value : value, place)
        }
        guard let value = slow(bytes, start..<place) else { return nil }
        return (value, place)
    }

    private static func exponent(_ bytes: Span<UInt8>, from start: Int) -> (Int, end: Int)? {
        var place = start
        let isNegative = place < bytes.count && bytes[place] == UInt8(ascii: "-")
        if isNegative || (place < bytes.count && bytes[place] == UInt8(ascii: "+")) { place += 1 }
        let first = place
        var value = 0
        while place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39 {
            value = min(10 * value + Int(bytes[place] - 0x30), 100_000)
            place += 1
        }
        return place > first ? (isNegative ? -value : value, place) : nil
    }

    /// mantissa · 10^exponent in single precision, where the roundings on the way cannot change the result.
    ///
    /// The double is off by two units in its last place at most: one for the mantissa, one for the product or quotient
    /// with an exact power of ten. Further than that from the middle between two single-precision numbers, the
    /// rounding to one of them is that of the exact value.
    private static func quick(_ mantissa: UInt64, _ exponent: Int) -> Float? {
        guard exponent >= -22, exponent <= 22 else { return nil }
        let value =
            exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
        if value == 0 { return 0 }
        let distance = Int(value.bitPattern & 0x1FFF_FFFF) - 0x1000_0000
        // Inside the normal range of single precision.
        guard abs(distance) > 8, value > 1.2e-38, value < 3.4e38 else { return nil }
        return Float(value)
    }

    private static func slow(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Float? {
        let text = String(decoding: range.map { bytes[$0] }, as: UTF8.self)
        guard let value = Float(text), value.isFinite else { return nil }
        return value
    }
}
