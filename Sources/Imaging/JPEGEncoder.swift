// SPDX-License-Identifier: MIT

/// Writes JPEG files; the decoders' counterpart for sample scenes and tests.
///
/// The file a picture becomes depends on the version of libjpeg in use; its pixels do hardly.
package struct JPEGEncoder: Sendable {
    /// How much coarser than luma the two chroma channels are stored.
    package enum ChromaSampling: Sendable, CaseIterable {
        case full, halfWidth, halfHeight, halfWidthAndHeight
    }

    /// libjpeg's scale, 1…100.
    package var quality: Int
    /// Several scans from coarse to fine instead of one.
    package var isProgressive = false
    /// Stores luma only.
    package var isGreyscale = false
    /// 4:2:0 unless told otherwise, as cameras do.
    package var chromaSampling = ChromaSampling.halfWidthAndHeight
    /// Rows of blocks between restart markers; 0 writes none.
    package var restartRows = 0

    /// Makes an encoder; values outside 1…100 are clamped.
    package init(quality: Int = 85) {
        self.quality = min(max(quality, 1), 100)
    }

    /// The JPEG file of `image`.
    ///
    /// - Throws: ``ImageError/notEncodable(message:)`` when a side is longer than the format's 65,535 or
    ///   memory runs out.
    package func encode(_ image: RGBImage) throws(ImageError) -> [UInt8] {
        try CodecAdapter.encodeJPEG(image, self)
    }
}
