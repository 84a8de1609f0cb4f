// SPDX-License-Identifier: MIT

/// The canvas size at the front of a WebP file.
///
/// Format: RFC 9649, sections 2.4 to 2.7 (container), 3.4 (lossless); RFC 6386, section 9.1 (lossy).
struct WebPHeader {
    let dimensions: ImageDimensions

    /// Reads the size from the first chunk, which alone decides it.
    init(_ bytes: [UInt8]) throws(ImageError) {
        let format = ImageFormat.webP.name
        guard bytes.count >= 25 else { throw .truncated(format: format) }
        func little(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        let first = Array(bytes[12..<16])
        guard bytes.count >= 30 || first == Array("VP8L".utf8) else { throw .truncated(format: format) }
        switch first {
        case Array("VP8 ".utf8):
            guard bytes[23..<26].elementsEqual([0x9D, 0x01, 0x2A]) else {
                throw .corrupt(format: format, message: "the start code of the key frame is missing")
            }
            dimensions = ImageDimensions(width: little(26, 2) & 0x3FFF, height: little(28, 2) & 0x3FFF)
        case Array("VP8L".utf8):
            guard bytes[20] == 0x2F else {
                throw .corrupt(format: format, message: "the signature of the lossless stream is missing")
            }
            let bits = little(21, 4)
            dimensions = ImageDimensions(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
        case Array("VP8X".utf8):
            dimensions = ImageDimensions(width: little(24, 3) + 1, height: little(27, 3) + 1)
        default:
            throw .unsupportedVariant(format: format, message: "its first chunk is not VP8, VP8L or VP8X")
        }
    }
}
