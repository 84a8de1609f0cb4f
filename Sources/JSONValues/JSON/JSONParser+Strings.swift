// SPDX-License-Identifier: MIT

extension JSONParser {
    /// Reads a string whose opening quote is at `offset`.
    mutating func parseString() throws(JSONError) -> String {
        let start = offset
        offset += 1
        var unescaped: [UInt8] = []
        var runStart = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                let run = bytes[runStart..<offset]
                offset += 1
                return try text(unescaped.isEmpty ? run : unescaped[...] + run, start: start)
            case UInt8(ascii: "\\"):
                unescaped += bytes[runStart..<offset]
                try parseEscape(into: &unescaped)
                runStart = offset
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: offset)
            default:
                offset += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: offset)
    }

    private func text(_ content: ArraySlice<UInt8>, start: Int) throws(JSONError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw JSONError(.invalidUTF8, at: start)
        }
        return text
    }

    private mutating func parseEscape(into unescaped: inout [UInt8]) throws(JSONError) {
        let start = offset
        guard start + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        offset += 2
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(bytes[start + 1])
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): unescaped += try parseUnicodeEscape(start: start).utf8Bytes
        default: throw JSONError(.invalidEscape, at: start)
        }
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair; `offset` is at the first digit.
    private mutating func parseUnicodeEscape(start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try parseCodeUnit(start: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00 else { throw JSONError(.loneSurrogate, at: start) }
        guard try skipEscapeMark() else { throw JSONError(.loneSurrogate, at: start) }
        let low = try parseCodeUnit(start: start)
        let value = 0x10000 + (UInt32(unit - 0xD800) << 10 | UInt32(low & 0x3FF))
        guard 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(value) else {
            throw JSONError(.loneSurrogate, at: start)
        }
        return scalar
    }

    /// Goes past `\u` if it follows.
    private mutating func skipEscapeMark() throws(JSONError) -> Bool {
        for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
            guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
            guard bytes[offset] == expected else { return false }
            offset += 1
        }
        return true
    }

    private mutating func parseCodeUnit(start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
            guard let digit = bytes[offset].hexadecimalDigit else {
                throw JSONError(.invalidEscape, at: start)
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}

extension Unicode.Scalar {
    fileprivate var utf8Bytes: [UInt8] { Array(String(self).utf8) }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
