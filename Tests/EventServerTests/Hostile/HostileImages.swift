// SPDX-License-Identifier: MIT

/// Files that claim to be pictures and are not good ones.
enum HostileImages {
    /// A PNG of a few bytes that declares 60,000 × 60,000 pixels, with correct checksums.
    static let hugePNG = png(width: 60_000, height: 60_000)

    /// Files by what is wrong with them.
    static let table: [(String, [UInt8])] = [
        ("empty", []),
        ("one byte", [0xFF]),
        ("JPEG's first bytes", [0xFF, 0xD8, 0xFF]),
        ("JPEG cut in its header", Array(SamplePictures.jpeg(0).prefix(60))),
        ("JPEG cut in its pixels", SamplePictures.truncatedJPEG),
        ("JPEG without its end", SamplePictures.jpeg(0).dropLast(2)),
        ("JPEG with a tail", SamplePictures.jpeg(0) + Array(repeating: 0x41, count: 5000)),
        ("huge PNG", hugePNG),
        ("PNG without width", png(width: 0, height: 10)),
        ("PNG of negative size", png(width: 0xFFFF_FFFF, height: 0xFFFF_FFFF)),
        ("thin PNG", png(width: 1, height: 65_535)),
        ("PNG's signature", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        (
            "GIF",
            Array("GIF89a".utf8) + [
                1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2,
                0x44, 1, 0, 0x3B,
            ]
        ),
        ("BMP", Array("BM".utf8) + Array(repeating: 0, count: 60)),
        ("WebP without content", Array("RIFF".utf8) + [0xFF, 0xFF, 0xFF, 0x7F] + Array("WEBPVP8 ".utf8)),
        ("SVG", Array("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".utf8)),
        ("HTML", Array("<!doctype html><script>alert(1)</script>".utf8)),
        ("PDF", Array("%PDF-1.7\n".utf8)),
        ("zeros", Array(repeating: 0, count: 4096)),
        ("text", SamplePictures.text),
    ]

    /// A PNG with an empty image data chunk.
    private static func png(width: UInt32, height: UInt32) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", big(width) + big(height) + [8, 2, 0, 0, 0])
            + chunk("IDAT", [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]) + chunk("IEND", [])
    }

    private static func chunk(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + payload
        return big(UInt32(payload.count)) + body + big(checksum(body))
    }

    private static func big(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
                value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
            }
        }
    }
}
