// SPDX-License-Identifier: MIT
internal import CImageCodecs

/// The one place where Swift touches the C codecs and their pointers.
///
/// Pointers live for one call: inputs are borrowed from arrays, outputs are copied and freed here.
enum CodecAdapter {
    /// Compresses `image` with libjpeg.
    static func encodeJPEG(_ image: RGBImage, _ encoder: JPEGEncoder) throws(ImageError) -> [UInt8] {
        let sampling = encoder.chromaSampling
        var options = jpeg_encoding_options(
            quality: Int32(encoder.quality),
            progressive: encoder.isProgressive ? 1 : 0,
            greyscale: encoder.isGreyscale ? 1 : 0,
            horizontal_sampling: sampling == .halfWidth || sampling == .halfWidthAndHeight ? 2 : 1,
            vertical_sampling: sampling == .halfHeight || sampling == .halfWidthAndHeight ? 2 : 1,
            restart_rows: Int32(clamping: encoder.restartRows))
        var compressed: UnsafeMutablePointer<UInt8>?
        var byteCount = 0
        var message = MessageBuffer()
        // Safe: an RGBImage holds exactly the 3 · width · height bytes that the codec reads.
        let status = unsafe jpeg_encode(
            image.bytes, Int32(clamping: image.width), Int32(clamping: image.height), &options,
            &compressed, &byteCount, &message.bytes)
        defer { unsafe image_codec_free(compressed) }
        guard status == IMAGE_CODEC_OK else { throw .notEncodable(message: message.text) }
        // Safe: on success the codec hands over `byteCount` bytes at `compressed`.
        return unsafe Array(UnsafeBufferPointer(start: compressed, count: byteCount))
    }
}

/// Room for a codec's message.
struct MessageBuffer {
    var bytes = [CChar](repeating: 0, count: Int(IMAGE_CODEC_MESSAGE_CAPACITY))

    /// The message up to its terminating zero.
    var text: String {
        String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
