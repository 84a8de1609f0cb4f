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

    /// Decodes a JPEG file whose frame header was read before.
    static func decodeJPEG(_ bytes: [UInt8], _ header: JPEGHeader) throws(ImageError) -> RGBImage {
        try unsafe decode(header.dimensions, format: .jpeg) { rgb, message in
            // Safe: `rgb` has room for 3 · width · height bytes, and the codec checks the data against both.
            unsafe jpeg_decode(
                bytes, bytes.count, Int32(clamping: header.dimensions.width),
                Int32(clamping: header.dimensions.height), Int32(clamping: header.componentCount), rgb,
                &message)
        }
    }

    /// Decodes the first frame of a WebP file whose canvas size was read before.
    static func decodeWebP(_ bytes: [UInt8], _ dimensions: ImageDimensions) throws(ImageError) -> RGBImage {
        try unsafe decode(dimensions, format: .webP) { rgb, message in
            // Safe: as for JPEG.
            unsafe webp_decode(
                bytes, bytes.count, Int32(clamping: dimensions.width), Int32(clamping: dimensions.height),
                rgb,
                &message)
        }
    }

    /// The CRC-32 of a PNG chunk's type and payload, which lie side by side in `bytes`.
    static func crc32(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
        // Safe: slicing checks the range, and the pointer lives for the call.
        unsafe bytes[range].withUnsafeBufferPointer { unsafe crc32_continue(0, $0.baseAddress, $0.count) }
    }

    private static func decode(
        _ dimensions: ImageDimensions, format: ImageFormat,
        _ codec: (UnsafeMutablePointer<UInt8>?, inout [CChar]) -> image_codec_status
    ) throws(ImageError) -> RGBImage {
        var message = MessageBuffer()
        var status = IMAGE_CODEC_OUT_OF_MEMORY
        let sampleCount = 3 * dimensions.pixelCount
        // Safe: the codec fills all samples when it reports success, and only then are they counted.
        let rgb = unsafe [UInt8](unsafeUninitializedCapacity: sampleCount) { samples, initializedCount in
            status = unsafe codec(samples.baseAddress, &message.bytes)
            initializedCount = status == IMAGE_CODEC_OK ? sampleCount : 0
        }
        switch status {
        case IMAGE_CODEC_OK:
            return RGBImage(width: dimensions.width, height: dimensions.height, bytes: rgb)
        case IMAGE_CODEC_TRUNCATED:
            throw .truncated(format: format.name)
        case IMAGE_CODEC_OUT_OF_MEMORY:
            throw .outOfMemory(width: dimensions.width, height: dimensions.height)
        default:
            throw .corrupt(format: format.name, message: message.text)
        }
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

/// A zlib stream in the course of its decompression.
///
/// Safe outside: the stream is made by `init`, freed once by `deinit` and never handed out.
@safe struct Inflater: ~Copyable {
    enum Status {
        /// The input is used up, or the output is full.
        case running
        /// The stream ended and its checksum is right.
        case ended
        /// The stream is damaged.
        case failed
    }

    private let stream: OpaquePointer?

    /// Starts a stream; when memory is short, its first step fails.
    init() {
        unsafe stream = inflater_create()
    }

    deinit {
        unsafe inflater_destroy(stream)
    }

    /// Decompresses from the front of `input` into `output[range]`, as far as it goes.
    ///
    /// Takes what it used from `input`, and returns how many bytes it produced.
    mutating func step(
        _ bytes: [UInt8], _ input: inout Range<Int>, into output: inout [UInt8], _ range: Range<Int>
    ) -> (status: Status, produced: Int) {
        guard unsafe stream != nil else { return (.failed, 0) }
        var consumed = 0
        var produced = 0
        precondition(bytes.indices.contains(input) && output.indices.contains(range), "ranges out of bounds")
        // Safe: the ranges were checked above, and the pointers live for the call.
        let status = unsafe bytes.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                let source = unsafe UnsafeBufferPointer(rebasing: source[input])
                let target = unsafe UnsafeMutableBufferPointer(rebasing: target[range])
                return unsafe inflater_run(
                    stream, source.baseAddress, source.count, &consumed, target.baseAddress, target.count,
                    &produced)
            }
        }
        input = input.lowerBound + consumed..<input.upperBound
        switch status {
        case INFLATER_ENDED: return (.ended, produced)
        case INFLATER_FAILED: return (.failed, produced)
        default: return (.running, produced)
        }
    }
}
