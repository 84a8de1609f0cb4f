// SPDX-License-Identifier: MIT

/// The formats that can be read, told apart by content, never by file name.
enum ImageFormat: Sendable, CaseIterable {
    case jpeg, png, webP

    /// The format's name in messages.
    var name: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .webP: "WebP"
        }
    }

    /// Recognises the format by its signature.
    ///
    /// - Throws: ``ImageError/truncated(format:)`` when the data ends within a signature, otherwise
    ///   ``ImageError/unsupportedType(found:)`` with a name for what is there.
    init(sniffing bytes: [UInt8]) throws(ImageError) {
        for format in Self.allCases where format.matches(bytes) {
            self = format
            return
        }
        for format in Self.allCases where bytes.count >= 2 && format.signature.starts(with: bytes) {
            throw .truncated(format: format.name)
        }
        throw .unsupportedType(found: ForeignFormat.describe(bytes))
    }

    private var signature: [UInt8] {
        switch self {
        case .jpeg: [0xFF, 0xD8, 0xFF]
        case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        case .webP: Array("RIFF".utf8)
        }
    }

    private func matches(_ bytes: [UInt8]) -> Bool {
        guard bytes.starts(with: signature) else { return false }
        return self != .webP || bytes.dropFirst(8).starts(with: "WEBP".utf8)
    }
}
