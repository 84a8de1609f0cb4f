// SPDX-License-Identifier: MIT

/// Reads the few JSON forms of a safetensors header, one token at a time.
///
/// Written by hand because general decoders accept duplicate keys silently, which the format forbids,
/// and because a fixed grammar cannot be nested deeper than it has levels.
struct JSONScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    /// - Parameter bytes: Valid UTF-8.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next byte after white space, not consumed.
    mutating func peek() -> UInt8? {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        return position < bytes.count ? bytes[position] : nil
    }

    /// Whether the very next byte is `symbol`, without skipping white space.
    func isAt(_ symbol: Unicode.Scalar) -> Bool {
        position < bytes.count && bytes[position] == UInt8(ascii: symbol)
    }

    /// Consumes `symbol` if it is next.
    mutating func skip(_ symbol: Unicode.Scalar) -> Bool {
        guard let next = peek(), next == UInt8(ascii: symbol) else { return false }
        position += 1
        return true
    }

    /// Consumes `symbol`.
    mutating func require(_ symbol: Unicode.Scalar) throws(SafetensorsError) {
        guard skip(symbol) else { throw malformed("'\(symbol)'") }
    }

    /// An error at the current position.
    func malformed(_ expected: String) -> SafetensorsError {
        .headerMalformed(atByte: position, expected: expected)
    }

    /// Calls `body` before each element of a bracketed, comma-separated list.
    mutating func list(
        open: Unicode.Scalar, close: Unicode.Scalar,
        _ body: (inout JSONScanner) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        try require(open)
        if skip(close) { return }
        repeat { try body(&self) } while skip(",")
        guard skip(close) else { throw malformed("',' or '\(close)'") }
    }

    /// A number without sign, fraction, exponent or leading zero that fits 63 bits.
    mutating func naturalNumber() throws(SafetensorsError) -> Int {
        _ = peek()
        let start = position
        var value = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowedAgain) = product.addingReportingOverflow(Int(bytes[position] - 0x30))
            guard !overflowed, !overflowedAgain else { throw malformed("a number below 2^63") }
            value = sum
            position += 1
        }
        guard position > start else { throw malformed("a whole number that is not negative") }
        guard position == start + 1 || bytes[start] != 0x30 else {
            throw malformed("a number without leading zeros")
        }
        if position < bytes.count, [0x2E, 0x45, 0x65].contains(bytes[position]) {
            throw malformed("a whole number")
        }
        return value
    }

    /// A string, with its escapes resolved.
    mutating func string() throws(SafetensorsError) -> String {
        guard skip("\"") else { throw malformed("a string") }
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw malformed("control characters to be escaped")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw malformed("the end of the string")
    }

    private mutating func escape() throws(SafetensorsError) -> Character {
        guard position < bytes.count else { throw malformed("an escape sequence") }
        let symbol = bytes[position]
        position += 1
        switch symbol {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return Character(Unicode.Scalar(symbol))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try escapedScalar())
        default: throw malformed("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
        }
    }

    /// One scalar from `\uXXXX`, or from two of them that form a surrogate pair.
    private mutating func escapedScalar() throws(SafetensorsError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        else { throw malformed("a surrogate pair") }
        position += 2
        let second = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw malformed("a surrogate pair") }
        return scalar
    }

    private mutating func fourHexDigits() throws(SafetensorsError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw malformed("four hexadecimal digits") }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw malformed("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        position += 4
        return value
    }
}
