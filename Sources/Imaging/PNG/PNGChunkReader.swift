// SPDX-License-Identifier: MIT

/// Walks the chunks of a PNG file.
///
///     ┌────────────┬──────────┬─────────┬────────────────────────┐
///     │ length, 4  │ type, 4  │ payload │ CRC-32 of type+payload │
///     └────────────┴──────────┴─────────┴────────────────────────┘
struct PNGChunkReader {
    /// A chunk's type and declared length; its payload is read separately.
    struct Chunk {
        /// Four letters, digits or underscores.
        let type: String
        /// Declared payload length, 0…2³²−1; more than the file holds is possible.
        let byteCount: Int
    }

    let bytes: [UInt8]
    /// Where the next read starts; never beyond the end.
    private(set) var position: Int

    init(_ bytes: [UInt8], position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Reads a chunk's length and type.
    mutating func next() throws(ImageError) -> Chunk {
        guard bytes.count - position >= 8 else { throw PNGDecoder.truncated }
        let type = bytes[position + 4..<position + 8]
        guard type.allSatisfy(Self.isTypeByte) else { throw PNGDecoder.corrupt("a chunk's type is not text") }
        let byteCount = integer(at: position)
        position += 8
        return Chunk(type: String(decoding: type, as: UTF8.self), byteCount: byteCount)
    }

    /// Reads a payload completely.
    mutating func payload(_ byteCount: Int) throws(ImageError) -> ArraySlice<UInt8> {
        guard byteCount <= bytes.count - position else { throw PNGDecoder.truncated }
        position += max(byteCount, 0)
        return bytes[position - max(byteCount, 0)..<position]
    }

    /// Reads up to `byteCount` bytes, fewer at the end of the file.
    mutating func upTo(_ byteCount: Int) -> Range<Int> {
        let start = position
        position += min(max(byteCount, 0), bytes.count - position)
        return start..<position
    }

    /// Reads the checksum behind `payload` and compares it.
    mutating func checkCRC(ofPayload payload: ArraySlice<UInt8>, type: String) throws(ImageError) {
        guard bytes.count - position >= 4 else { throw PNGDecoder.truncated }
        let expected = integer(at: position)
        position += 4
        let found = CodecAdapter.crc32(bytes, payload.startIndex - 4..<payload.endIndex)
        guard Int(found) == expected else { throw PNGDecoder.corrupt("bad checksum in \(type)") }
    }

    private func integer(at offset: Int) -> Int { bytes[offset..<offset + 4].bigEndianInteger }

    private static func isTypeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension ArraySlice<UInt8> {
    /// All bytes as one number, the first the most significant; for at most 7 bytes.
    var bigEndianInteger: Int { reduce(0) { $0 << 8 | Int($1) } }
}
