// SPDX-License-Identifier: MIT

extension JSONValue {
    /// Nesting beyond this is refused whatever the caller allows, because values are taken apart recursively.
    package static let deepestNesting = 512

    /// Reads one JSON document strictly by RFC 8259; hostile bytes are expected.
    ///
    /// Of a name that repeats in an object, the last value wins. A byte order mark is refused. Takes time linear in
    /// the number of bytes; a value takes up to 200 bytes of memory besides its text.
    ///
    /// - Parameters:
    ///   - bytes: The document in UTF-8.
    ///   - maximumDepth: How many arrays and objects may stand inside each other, at most ``deepestNesting``.
    ///   - maximumValues: How many values the document may hold, itself included.
    /// - Returns: The value.
    /// - Throws: ``JSONError`` with the first thing that is wrong.
    package static func parse(
        _ bytes: [UInt8], maximumDepth: Int = 64, maximumValues: Int = 100_000
    ) throws(JSONError) -> JSONValue {
        let depth = min(maximumDepth, deepestNesting)
        var parser = JSONParser(bytes: bytes, maximumDepth: depth, maximumValues: maximumValues)
        return try parser.parseDocument()
    }

    /// Reads one JSON document from any bytes; see ``parse(_:maximumDepth:maximumValues:)``.
    package static func parse(
        _ bytes: some Collection<UInt8>, maximumDepth: Int = 64, maximumValues: Int = 100_000
    ) throws(JSONError) -> JSONValue {
        try parse(Array(bytes), maximumDepth: maximumDepth, maximumValues: maximumValues)
    }
}

/// A recursive-descent reader; strings and numbers are in their own files.
struct JSONParser {
    let bytes: [UInt8]
    var offset = 0
    private let maximumDepth: Int
    private var valuesLeft: Int

    init(bytes: [UInt8], maximumDepth: Int, maximumValues: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        valuesLeft = maximumValues
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        skipWhiteSpace()
        guard offset < bytes.count else { throw JSONError(.emptyDocument, at: offset) }
        let value = try parseValue(depth: 0)
        skipWhiteSpace()
        guard offset == bytes.count else { throw JSONError(.trailingData, at: offset) }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard valuesLeft > 0 else { throw JSONError(.tooManyValues, at: offset) }
        valuesLeft -= 1
        switch try currentByte() {
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "{"): return try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try parseArray(depth: depth + 1)
        case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", as: .null)
        default: return try parseNumber()
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        try open(depth: depth)
        var elements: [JSONValue] = []
        guard try !close(UInt8(ascii: "]")) else { return .array(elements) }
        while true {
            skipWhiteSpace()
            elements.append(try parseValue(depth: depth))
            if try close(UInt8(ascii: "]")) { return .array(elements) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        try open(depth: depth)
        var object = JSONObject()
        guard try !close(UInt8(ascii: "}")) else { return .object(object) }
        while true {
            skipWhiteSpace()
            let (key, value) = try parseMember(depth: depth)
            object[key] = value
            if try close(UInt8(ascii: "}")) { return .object(object) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func parseMember(depth: Int) throws(JSONError) -> (String, JSONValue) {
        guard try currentByte() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: offset) }
        let key = try parseString()
        skipWhiteSpace()
        try expect(UInt8(ascii: ":"))
        skipWhiteSpace()
        return (key, try parseValue(depth: depth))
    }

    private mutating func parseWord(_ word: String, as value: JSONValue) throws(JSONError) -> JSONValue {
        for expected in word.utf8 { try expect(expected) }
        return value
    }

    // MARK: - Bytes

    private mutating func open(depth: Int) throws(JSONError) {
        guard depth <= maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        offset += 1
    }

    /// Goes past white space, and past the closing bracket if it follows.
    private mutating func close(_ bracket: UInt8) throws(JSONError) -> Bool {
        skipWhiteSpace()
        guard try currentByte() == bracket else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try currentByte() == byte else { throw JSONError(.unexpectedByte, at: offset) }
        offset += 1
    }

    private func currentByte() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
        return bytes[offset]
    }

    private mutating func skipWhiteSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }
}
