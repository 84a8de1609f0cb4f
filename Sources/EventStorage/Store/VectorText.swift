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
        var text = text
        text.makeContiguousUTF8()
        return values(text.utf8.span)
    }

    private static func values(_ bytes: Span<UInt8>) -> [Float]? {
        var place = afterSpaces(bytes, 0)
        guard place < bytes.count, bytes[place] == UInt8(ascii: "[") else { return nil }
        var values: [Float] = []
        values.reserveCapacity(512)
        repeat {
            place = afterSpaces(bytes, place + 1)
            guard values.count < mostCoordinates, let (value, end) = DecimalNumber.read(bytes, from: place)
            else {
                return nil
            }
            values.append(value)
            place = afterSpaces(bytes, end)
        } while place < bytes.count && bytes[place] == UInt8(ascii: ",")
        guard place < bytes.count, bytes[place] == UInt8(ascii: "]") else { return nil }
        return afterSpaces(bytes, place + 1) == bytes.count ? values : nil
    }

    private static func afterSpaces(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] == 0x20 || (0x09...0x0D).contains(bytes[place]) { place += 1 }
        return place
    }
}
