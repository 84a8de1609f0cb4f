// SPDX-License-Identifier: MIT

/// Reads the pieces of a header's value from left to right.
struct HeaderScanner {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { offset == bytes.count }

    /// A character of a token (RFC 9110, section 5.6.2).
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    mutating func skipSpaces() {
        while skip(UInt8(ascii: " ")) || skip(UInt8(ascii: "\t")) {}
    }

    mutating func scan(while isWanted: (UInt8) -> Bool) -> String {
        let start = offset
        while offset < bytes.count, isWanted(bytes[offset]) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// A token or a quoted string, which may be empty; nil for anything else.
    mutating func scanParameterValue() -> String? {
        if skip(UInt8(ascii: "\"")) { return scanQuoted() }
        // Some clients leave quotes away around what is no token, a slash in a boundary for example.
        let value = scan { Self.isToken($0) || "/:=?@[](),".utf8.contains($0) || $0 >= 0x80 }
        return value.isEmpty ? nil : value
    }

    /// The rest of a quoted string; nil where the closing quote is missing.
    ///
    /// Only `\"` and `\\` are escapes: some clients send `C:\pictures\door.jpg` as it is.
    private mutating func scanQuoted() -> String? {
        var value: [UInt8] = []
        while offset < bytes.count {
            var byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), offset < bytes.count,
                [UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(bytes[offset])
            {
                byte = bytes[offset]
                offset += 1
            }
            value.append(byte)
        }
        return nil
    }
}

extension String {
    /// The text without spaces and tabs around it.
    var trimmed: Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = self[...].drop(while: isSpace)
        return start.lastIndex { !isSpace($0) }.map { start[...$0] } ?? ""
    }
}
