// SPDX-License-Identifier: MIT

/// What the chunks of a PNG file say about its pixels, gathered chunk by chunk as Pillow does.
struct PNGHeader {
    /// The rectangle of the image that the data fills: all of it, except in animations.
    struct Frame: Equatable {
        var x = 0
        var y = 0
        var width: Int
        var height: Int
    }

    /// What comes behind a chunk's length and type.
    enum Content {
        /// A payload that has been read, with its checksum still to come.
        case payload(ArraySlice<UInt8>)
        /// Compressed image data of this length, not read yet.
        case imageData(byteCount: Int)
        /// Nothing: the file's last chunk.
        case end
    }

    private(set) var dimensions = ImageDimensions(width: 0, height: 0)
    private(set) var format: PNGPixelFormat?
    private(set) var isInterlaced = false
    private(set) var palette: ArraySlice<UInt8>?
    /// A palette image names one entry as transparent.
    private(set) var hasTransparentEntry = false
    /// Frames that the file announces; nil when it is no animation.
    private(set) var frameCount: Int?
    /// An animation whose first frame is an image outside of it.
    private(set) var hasDefaultImage = false
    private var animationFrame: Frame?
    private var sequenceNumber: Int?
    private var text = PNGTextBudget()

    /// Where the image data belongs.
    var frame: Frame { animationFrame ?? Frame(width: dimensions.width, height: dimensions.height) }

    /// Whether Pillow takes the file for an animation, and so stops reading at the second frame.
    var isAnimated: Bool { (frameCount ?? 1) + (hasDefaultImage ? 1 : 0) > 1 }

    /// Reads the content of `chunk` and remembers what matters.
    ///
    /// - Throws: What makes Pillow refuse the file: payloads shorter than their kind requires, frames out of
    ///   order or outside the image, compressed texts that unfold beyond reason.
    mutating func read(_ chunk: PNGChunkReader.Chunk, from reader: inout PNGChunkReader) throws(ImageError)
        -> Content
    {
        switch chunk.type {
        case "IEND":
            return .end
        case "IDAT" where format != nil:
            hasDefaultImage = hasDefaultImage || (animationFrame == nil && frameCount != nil)
            return .imageData(byteCount: chunk.byteCount)
        case "fdAT":
            guard chunk.byteCount >= 4 else { throw Self.short(chunk) }
            try advanceSequence(to: reader.payload(4).bigEndianInteger, mayStart: false)
            guard format != nil else { return .payload(try reader.payload(chunk.byteCount)) }
            return .imageData(byteCount: chunk.byteCount - 4)
        default:
            let payload = try reader.payload(chunk.byteCount)
            try interpret(chunk, payload)
            return .payload(payload)
        }
    }

    private mutating func interpret(_ chunk: PNGChunkReader.Chunk, _ payload: ArraySlice<UInt8>)
        throws(ImageError)
    {
        guard payload.count >= minimumByteCount(chunk.type) else { throw Self.short(chunk) }
        switch chunk.type {
        case "IHDR": try readImageHeader(Array(payload))
        case "PLTE": if format?.usesPalette == true { palette = payload }
        case "tRNS": readTransparency(payload)
        case "acTL": readAnimationControl(payload)
        case "fcTL": try readFrameControl(Array(payload))
        case "iCCP", "tEXt", "zTXt", "iTXt": try text.check(chunk.type, payload)
        default: break
        }
    }

    private func minimumByteCount(_ type: String) -> Int {
        switch type {
        case "IHDR": 13
        case "gAMA": 4
        case "cHRM": 32
        case "sRGB": 1
        case "pHYs": 9
        case "acTL": 8
        case "fcTL": 26
        case "tRNS": format?.minimumTransparencyByteCount ?? 0
        default: 0
        }
    }

    private mutating func readImageHeader(_ payload: [UInt8]) throws(ImageError) {
        dimensions = ImageDimensions(
            width: payload[0..<4].bigEndianInteger, height: payload[4..<8].bigEndianInteger)
        guard payload[11] == 0 else { throw PNGDecoder.corrupt("unknown filter category \(payload[11])") }
        isInterlaced = isInterlaced || payload[12] != 0
        format = PNGPixelFormat(bitDepth: payload[8], colourType: payload[9]) ?? format
        guard format != nil else {
            throw .unsupportedVariant(
                format: ImageFormat.png.name,
                message: "bit depth \(payload[8]) with colour type \(payload[9])")
        }
    }

    private mutating func readTransparency(_ payload: ArraySlice<UInt8>) {
        guard format?.usesPalette == true else { return }
        let isSimple = payload.allSatisfy { $0 == 0 || $0 == 0xFF } && payload.count { $0 == 0 } == 1
        hasTransparentEntry = isSimple
    }

    private mutating func readAnimationControl(_ payload: ArraySlice<UInt8>) {
        let count = payload.prefix(4).bigEndianInteger
        let isValid = frameCount == nil && count > 0 && count <= 0x8000_0000
        frameCount = isValid ? count : nil
    }

    private mutating func readFrameControl(_ payload: [UInt8]) throws(ImageError) {
        try advanceSequence(to: payload[0..<4].bigEndianInteger, mayStart: true)
        let frame = Frame(
            x: payload[12..<16].bigEndianInteger, y: payload[16..<20].bigEndianInteger,
            width: payload[4..<8].bigEndianInteger, height: payload[8..<12].bigEndianInteger)
        guard frame.x + frame.width <= dimensions.width, frame.y + frame.height <= dimensions.height else {
            throw PNGDecoder.corrupt("an animation frame reaches outside the image")
        }
        animationFrame = frame
    }

    private mutating func advanceSequence(to number: Int, mayStart: Bool) throws(ImageError) {
        let expected = sequenceNumber.map { $0 + 1 } ?? (mayStart ? 0 : nil)
        guard number == expected else { throw PNGDecoder.corrupt("animation frames out of order") }
        sequenceNumber = number
    }

    private static func short(_ chunk: PNGChunkReader.Chunk) -> ImageError {
        PNGDecoder.corrupt("\(chunk.type) of \(chunk.byteCount) bytes is too short")
    }
}
