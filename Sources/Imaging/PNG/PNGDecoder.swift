// SPDX-License-Identifier: MIT

/// Decodes PNG files with the tolerance of Pillow, which reads the format itself rather than by libpng.
///
/// Checksums are verified up to the image data, not in it; transparency, gamma and profiles change no
/// pixel; the data may end as soon as the last row is complete.
struct PNGDecoder {
    /// Pillow hands compressed data to zlib in pieces of this size; where a stream with a wrong checksum
    /// fails depends on it.
    private static let blockByteCount = 65_536

    let limits: ImageLimits

    /// Decodes a file that starts with the signature.
    func decode(_ bytes: [UInt8]) throws(ImageError) -> RGBImage {
        var reader = PNGChunkReader(bytes, position: 8)
        var header = PNGHeader()
        var remaining = try readHeader(&header, &reader)
        guard let format = header.format else { throw Self.corrupt("image data before its header") }
        try limits.check(header.dimensions, .png)
        try checkFrameAndPalette(header)

        let colours = format.colours(palette: header.palette)
        var rgb = blank(header, colours)
        var rows = PNGRowDecoder(header, format, colours: colours)
        var isComplete = false
        while !isComplete {
            try skipToData(&remaining, &header, &reader)
            let block = min(Self.blockByteCount, remaining)
            remaining -= block
            let range = reader.upTo(block)
            guard !range.isEmpty else { throw Self.truncated }
            isComplete = try rows.decode(bytes, range, into: &rgb)
        }
        try readTail(remaining, &header, &reader)
        return RGBImage(width: header.dimensions.width, height: header.dimensions.height, bytes: rgb)
    }

    /// Reads up to the first image data and returns its length.
    private func readHeader(_ header: inout PNGHeader, _ reader: inout PNGChunkReader) throws(ImageError)
        -> Int
    {
        while true {
            let chunk = try reader.next()
            switch try header.read(chunk, from: &reader) {
            case .payload(let payload): try reader.checkCRC(ofPayload: payload, type: chunk.type)
            case .imageData(let byteCount): return byteCount
            case .end: throw Self.corrupt("there is no image data")
            }
        }
    }

    private func checkFrameAndPalette(_ header: PNGHeader) throws(ImageError) {
        guard header.frame.width > 0 && header.frame.height > 0 else {
            throw .zeroSized(
                format: ImageFormat.png.name, width: header.frame.width, height: header.frame.height)
        }
        guard (header.palette?.count ?? 0) / 3 <= 256 else { throw Self.corrupt("more than 256 colours") }
    }

    /// The image before any row is placed: black, or the palette's first colour.
    private func blank(_ header: PNGHeader, _ colours: [UInt8]) -> [UInt8] {
        var rgb = [UInt8](repeating: 0, count: 3 * header.dimensions.pixelCount)
        let first = colours.prefix(3)
        if first.contains(where: { $0 != 0 }) {
            for i in rgb.indices { rgb[i] = first[i % 3] }
        }
        return rgb
    }

    /// Steps over the ends of exhausted chunks to the next one with image data.
    private func skipToData(
        _ remaining: inout Int, _ header: inout PNGHeader, _ reader: inout PNGChunkReader
    ) throws(ImageError) {
        while remaining == 0 {
            _ = reader.upTo(4)  // checksum, not verified
            let chunk = try reader.next()
            switch chunk.type {
            case "IDAT", "DDAT":
                remaining = chunk.byteCount
            case "fdAT":
                guard case .imageData(let byteCount) = try header.read(chunk, from: &reader) else { return }
                remaining = byteCount
            default:
                throw Self.truncated
            }
        }
    }

    /// Reads what follows the image as far as Pillow does, which refuses some damage there.
    private func readTail(
        _ remaining: Int, _ header: inout PNGHeader, _ reader: inout PNGChunkReader
    ) throws(ImageError) {
        let isAnimated = header.isAnimated
        _ = reader.upTo(remaining)
        while true {
            _ = reader.upTo(4)  // checksum, not verified
            guard let chunk = try? reader.next(), chunk.type != "IEND" else { break }
            if chunk.type == "fcTL" && isAnimated { break }
            if case .imageData(let byteCount) = try header.read(chunk, from: &reader) {
                _ = try reader.payload(byteCount)
            }
        }
        guard !header.hasTransparentEntry || header.palette != nil else {
            throw Self.corrupt("transparency without a palette")
        }
    }

    /// The data ends before the image does.
    static let truncated = ImageError.truncated(format: ImageFormat.png.name)

    /// The file contradicts the format.
    static func corrupt(_ message: String) -> ImageError {
        .corrupt(format: ImageFormat.png.name, message: message)
    }
}
