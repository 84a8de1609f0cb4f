// SPDX-License-Identifier: MIT

/// A vector as the JSON array of the column `embedding`.
enum VectorText {
    /// More coordinates than any model makes.
    static let mostCoordinates = 16_384
    private static let longestText = 64 * mostCoordinates

    /// The array; each number is the shortest that reads back to the same single-precision value.
    ///
    /// - Returns: nil for a vector without coordinates or with one that is not finite.
    static func text(_ values: [Float]) -> String? {
        guard (1...mostCoordinates).contains(values.count), values.allSatisfy(\.isFinite) else { return nil }
        return "[" + values.map(\.description).joined(separator: ", ") + "]"
    }

    /// The vector in a JSON array of numbers; nil for anything else, and for numbers beyond single precision.
    static func values(_ text: String) -> [Float]? {
        guard text.utf8.count <= longestText else { return nil }
        var rest = trimmed(Substring(text).utf8)
        guard rest.popFirst() == UInt8(ascii: "["), rest.popLast() == UInt8(ascii: "]") else { return nil }
        let parts = rest.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard (1...mostCoordinates).contains(parts.count) else { return nil }
        var values: [Float] = []
        values.reserveCapacity(parts.count)
        for part in parts {
            guard let value = number(trimmed(part)) else { return nil }
            values.append(value)
        }
        return values
    }

    /// The number; Swift reads more spellings than JSON has, so the characters are looked at first.
    private static func number(_ text: Substring.UTF8View) -> Float? {
        let isPlain = text.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isPlain, let value = Float(Substring(text)), value.isFinite else { return nil }
        return value
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        var rest = text.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
