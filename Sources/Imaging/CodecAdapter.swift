// SPDX-License-Identifier: MIT
internal import CImageCodecs
internal import CResampleKernels

/// The one place where Swift touches the C codecs, the resampling kernels and their pointers.
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
        let dimensions = header.dimensions
        return try unsafe decode(dimensions, format: .jpeg) { rgb, message in
            // Safe: `rgb` has room for all rows.
            unsafe decodeJPEG(
                bytes, header,
                into: image_row_sink(
                    rows: rgb, stride: 3 * dimensions.width, capacity: Int32(clamping: dimensions.height),
                    first_column: 0, end_column: Int32(clamping: dimensions.width), take: nil, context: nil),
                &message)
        }
    }

    fileprivate static func decodeJPEG(
        _ bytes: [UInt8], _ header: JPEGHeader, into sink: image_row_sink, _ message: inout [CChar]
    ) -> image_codec_status {
        var sink = unsafe sink
        // Safe: the sink has room for rows of the width that the codec checks the data against.
        return unsafe jpeg_decode(
            bytes, bytes.count, Int32(clamping: header.dimensions.width),
            Int32(clamping: header.dimensions.height), Int32(clamping: header.componentCount), &sink, &message
        )
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
        try check(status, dimensions, format, message)
        return RGBImage(width: dimensions.width, height: dimensions.height, bytes: rgb)
    }

    fileprivate static func check(
        _ status: image_codec_status, _ dimensions: ImageDimensions, _ format: ImageFormat,
        _ message: MessageBuffer
    ) throws(ImageError) {
        switch status {
        case IMAGE_CODEC_OK: return
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

/// The resampling kernels with the weights and the memory for pictures of one size.
///
/// Safe outside: the kernels' state is made by `init`, freed once by `deinit` and never handed out, and every
/// picture is checked against the size that it was made for. Its level of instructions is that of its making.
@safe struct ResamplingState: ~Copyable {
    /// Pixels of the pictures that it takes.
    let source: ImageDimensions
    /// Pixels of what it makes of them.
    let result: ImageDimensions

    private let resampler: OpaquePointer

    /// Packs the weights; nil when memory is short.
    ///
    /// - Parameters:
    ///   - columns: Weights along the rows, from the source's width.
    ///   - rows: Weights along the columns, from the source's height.
    init?(columns: ResampleCoefficients, rows: ResampleCoefficients) {
        guard let resampler = unsafe resampler_create(Self.axis(columns), Self.axis(rows)) else { return nil }
        unsafe self.resampler = resampler
        source = ImageDimensions(width: columns.inputCount, height: rows.inputCount)
        result = ImageDimensions(width: columns.starts.count, height: rows.starts.count)
    }

    deinit {
        unsafe resampler_destroy(resampler)
    }

    /// Bytes that it holds besides the weights.
    var byteCount: Int { unsafe resampler_byte_count(resampler) }

    private static func axis(_ coefficients: ResampleCoefficients) -> OpaquePointer? {
        coefficients.checkBounds()
        // Safe: starts, counts and weights were checked against each other and against the input, and are copied.
        return unsafe resampler_axis_create(
            Int32(coefficients.inputCount), Int32(coefficients.starts.count), coefficients.starts,
            coefficients.counts, coefficients.weights, coefficients.capacity)
    }

    /// The horizontal pass over `image`, which must have the source's size.
    mutating func take(_ image: RGBImage) {
        precondition(
            image.width == source.width && image.height == source.height,
            "image is \(image.width) × \(image.height), expected \(source.width) × \(source.height)")
        // Safe: an RGBImage holds exactly the 3 · width · height bytes of the size checked above.
        unsafe resampler_take_picture(resampler, image.bytes)
    }

    /// Decodes a JPEG file of the source's size, and does the horizontal pass over its rows as they come.
    mutating func take(jpeg bytes: [UInt8], _ header: JPEGHeader) throws(ImageError) {
        precondition(header.dimensions == source, "\(header.dimensions), expected \(source)")
        var message = MessageBuffer()
        var sink = unsafe image_row_sink(
            rows: nil, stride: 0, capacity: RESAMPLER_STRIP_ROWS, first_column: 0, end_column: 0,
            take: resampler_take_strip, context: UnsafeMutableRawPointer(resampler))
        // Safe: the strip has room for as many rows of the source's width, and the kernels outlive the call.
        unsafe sink.rows = resampler_strip(resampler, &sink.stride)
        unsafe resampler_columns(resampler, &sink.first_column, &sink.end_column)
        let status = unsafe CodecAdapter.decodeJPEG(bytes, header, into: sink, &message.bytes)
        try CodecAdapter.check(status, source, .jpeg, message)
    }

    /// The vertical pass over what was taken.
    mutating func finish() -> RGBImage {
        let sampleCount = 3 * result.pixelCount
        // Safe: the kernels fill every sample of the result.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: sampleCount) { samples, initializedCount in
            unsafe resampler_finish_interleaved(resampler, samples.baseAddress)
            initializedCount = sampleCount
        }
        return RGBImage(width: result.width, height: result.height, bytes: bytes)
    }

    /// The vertical pass over what was taken, and the normalised values of its samples.
    mutating func finish(_ normalization: ChannelNormalization) -> PixelTensor {
        let valueCount = 3 * result.pixelCount
        // Safe: a normalization has 256 values for each of 3 channels, and the kernels fill every value of the result.
        let values = unsafe [Float](unsafeUninitializedCapacity: valueCount) { values, initializedCount in
            unsafe resampler_finish_planar(resampler, normalization.table, values.baseAddress)
            initializedCount = valueCount
        }
        return PixelTensor(height: result.height, width: result.width, values: values)
    }

    /// Number of instruction sets that this processor offers to the kernels; 0 is plain C.
    static var levelCount: Int { Int(resampler_level_count()) }

    /// Uses one of them for all that is made from now on in the whole process; nil is the best.
    static func useLevel(_ level: Int?) { resampler_set_level(Int32(level ?? -1)) }
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
