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
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limits.maximumByteCount else {
            throw .tooManyBytes(count: bytes.count, limit: limits.maximumByteCount)
        }
        let format = try ImageFormat(sniffing: bytes)
        switch format {
        case .jpeg:
            let header = try JPEGHeader(scanning: bytes)
            try limits.check(header.dimensions, format)
            return try CodecAdapter.decodeJPEG(bytes, header)
        case .png:
            return try PNGDecoder(limits: limits).decode(bytes)
        case .webP:
            let header = try WebPHeader(bytes)
            try limits.check(header.dimensions, format)
            return try CodecAdapter.decodeWebP(bytes, header.dimensions)
        }
    }
}
