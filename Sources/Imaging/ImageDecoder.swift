// SPDX-License-Identifier: MIT

/// Turns the bytes of a JPEG, PNG or WebP file into the pixels that Pillow's `convert("RGB")` gives.
///
/// Alpha is dropped, not blended; EXIF orientation, gamma and colour profiles are not applied; of an
/// animation the first frame counts. What Pillow refuses is refused: data that ends inside the image is an
/// error, not half a picture.
///
/// Source: Pillow 13.0, `JpegDecode.c`, `ZipDecode.c`, `Convert.c` and the three Python plugins.
public struct ImageDecoder: Sendable {
    private let limits: ImageLimits

    /// Makes a decoder that refuses what exceeds `limits`.
    public init(limits: ImageLimits = .init()) {
        self.limits = limits
    }

    /// The pixels of the file.
    ///
    /// - Parameter bytes: The whole file.
    /// - Returns: An image of the dimensions that the file's header declares.
    /// - Throws: ``ImageError``; one case for each distinguishable cause.
    /// - Complexity: O(bytes + pixels). Nothing is allocated for pixels before the header passed the limits.
    public func decode(_ bytes: [UInt8]) throws(ImageError) -> RGBImage {
        switch try open(bytes) {
        case .jpeg(let header): try CodecAdapter.decodeJPEG(bytes, header)
        case .image(let image): image
        }
    }

    /// A file that passed the limits.
    enum Opened {
        /// A JPEG file by its frame header, since its rows can be used as they are decoded.
        case jpeg(JPEGHeader)
        /// The pixels of another file.
        case image(RGBImage)
    }

    /// Checks the file, and decodes it unless it is JPEG.
    func open(_ bytes: [UInt8]) throws(ImageError) -> Opened {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limits.maximumByteCount else {
            throw .tooManyBytes(count: bytes.count, limit: limits.maximumByteCount)
        }
        let format = try ImageFormat(sniffing: bytes)
        switch format {
        case .jpeg:
            let header = try JPEGHeader(scanning: bytes)
            try limits.check(header.dimensions, format)
            return .jpeg(header)
        case .png:
            return .image(try PNGDecoder(limits: limits).decode(bytes))
        case .webP:
            let header = try WebPHeader(bytes)
            try limits.check(header.dimensions, format)
            return .image(try CodecAdapter.decodeWebP(bytes, header.dimensions))
        }
    }
}
