// SPDX-License-Identifier: MIT

/// Names for content that cannot be read, so that a refusal says what was sent.
enum ForeignFormat {
    private static let signatures: [(offset: Int, bytes: [UInt8], name: String)] = [
        (0, ascii("GIF87a"), "a GIF image"),
        (0, ascii("GIF89a"), "a GIF image"),
        (0, ascii("BM"), "a BMP image"),
        (0, [0x49, 0x49, 0x2A, 0], "a TIFF image"),
        (0, [0x4D, 0x4D, 0, 0x2A], "a TIFF image"),
        (4, ascii("ftypavif"), "an AVIF image"),
        (4, ascii("ftypavis"), "an AVIF image"),
        (4, ascii("ftyphei"), "a HEIC image"),
        (4, ascii("ftyphev"), "a HEIC image"),
        (4, ascii("ftypmif1"), "a HEIF image"),
        (4, ascii("ftypmsf1"), "a HEIF image"),
        (4, ascii("ftyp"), "an MP4 or QuickTime video"),
        (0, [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], "a JPEG 2000 image"),
        (0, [0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000 codestream"),
        (0, [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20], "a JPEG XL image"),
        (0, [0xFF, 0x0A], "a JPEG XL codestream"),
        (0, [0, 0, 1, 0], "an ICO icon"),
        (0, ascii("8BPS"), "a Photoshop document"),
        (0, ascii("qoif"), "a QOI image"),
        (0, ascii("RIFF"), "a RIFF file other than WebP"),
        (0, ascii("%PDF"), "a PDF document"),
        (0, [0x50, 0x4B, 3, 4], "a ZIP archive"),
        (0, [0x1F, 0x8B], "gzip data"),
        (0, [0x8A, 0x4D, 0x4E, 0x47], "an MNG animation"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "a Matroska or WebM video"),
    ]

    /// A noun phrase for what `bytes` begins with.
    static func describe(_ bytes: [UInt8]) -> String {
        for signature in signatures where bytes.dropFirst(signature.offset).starts(with: signature.bytes) {
            return signature.name
        }
        let start = bytes.prefix(64)
        if let first = start.first(where: { $0 > 0x20 }), first == UInt8(ascii: "<") {
            return "markup (SVG, HTML or XML)"
        }
        let isText = start.allSatisfy { (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) }
        return isText ? "text" : "of no known type"
    }

    private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
}
