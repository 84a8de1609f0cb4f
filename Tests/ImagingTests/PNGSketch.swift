// SPDX-License-Identifier: MIT

/// Writes PNG files that no library would write, without compression.
enum PNGSketch {
    /// A file of 8-bit grey with a header of any dimensions and a stream of any bytes.
    static func file(
        width: Int, height: Int, depth: UInt8 = 8, colourType: UInt8 = 0, before: [UInt8] = [],
        stream: [UInt8] = stored([0, 1, 2])
    ) -> [UInt8] {
        let header = big(width) + big(height) + [depth, colourType, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", header) + before + chunk("IDAT", stream) + chunk("IEND", [])
    }

    static func chunk(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + payload
        return big(payload.count) + body + big(Int(crc(body)))
    }

    /// A zlib stream with one stored block.
    static func stored(_ bytes: [UInt8], adlerError: UInt32 = 0) -> [UInt8] {
        let count = UInt16(bytes.count)
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        let length = [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
        return [0x78, 0x01, 0x01] + length + bytes + big(Int((high << 16 | low) ^ adlerError))
    }

    static func big(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
