// SPDX-License-Identifier: MIT

extension JSONParser {
    /// Reads a number at `offset`; anything that does not begin one is an unexpected byte.
    mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = offset
        if byte(at: offset) == UInt8(ascii: "-") { offset += 1 }
        let digits = offset
        skipDigits()
        guard offset > digits else { throw missingDigits(start: start) }
        guard offset == digits + 1 || bytes[digits] != UInt8(ascii: "0") else {
            throw JSONError(.invalidNumber, at: start)
        }
        let hasFraction = try skipFraction(start: start)
        let hasExponent = try skipExponent(start: start)
        return try number(from: start, isInteger: !hasFraction && !hasExponent)
    }

    private func number(from start: Int, isInteger: Bool) throws(JSONError) -> JSONValue {
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        // Minus zero is the integer 0; only `-0.0` keeps its sign.
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw JSONError(.numberOutOfRange, at: start)
        }
        return .number(number)
    }

    private mutating func skipFraction(start: Int) throws(JSONError) -> Bool {
        guard byte(at: offset) == UInt8(ascii: ".") else { return false }
        offset += 1
        try skipRequiredDigits(start: start)
        return true
    }

    private mutating func skipExponent(start: Int) throws(JSONError) -> Bool {
        guard let mark = byte(at: offset), mark | 0x20 == UInt8(ascii: "e") else { return false }
        offset += 1
        if let sign = byte(at: offset), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
        try skipRequiredDigits(start: start)
        return true
    }

    private mutating func skipRequiredDigits(start: Int) throws(JSONError) {
        let digits = offset
        skipDigits()
        guard offset > digits else { throw missingDigits(start: start) }
    }

    private mutating func skipDigits() {
        while offset < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] { offset += 1 }
    }

    private func missingDigits(start: Int) -> JSONError {
        if offset >= bytes.count { return JSONError(.unexpectedEnd, at: offset) }
        return offset == start ? JSONError(.unexpectedByte, at: start) : JSONError(.invalidNumber, at: start)
    }

    private func byte(at position: Int) -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }
}
