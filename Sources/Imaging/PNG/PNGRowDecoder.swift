// SPDX-License-Identifier: MIT

/// Decompresses image data row by row and places the pixels, also those of the seven interlaced passes.
///
/// Works in Pillow's steps, because what counts as complete follows from them: the image is done with its
/// last row, whatever comes behind it, and also when the stream ends behind a whole row too early; the
/// rows that are missing then stay as they were.
struct PNGRowDecoder: ~Copyable {
    private static let columnStarts = [0, 4, 0, 2, 0, 1, 0]
    private static let columnSteps = [8, 8, 4, 4, 2, 2, 1]
    private static let rowStarts = [0, 0, 4, 0, 2, 0, 1]
    private static let rowSteps = [8, 8, 8, 4, 4, 2, 2]

    private let header: PNGHeader
    private let format: PNGPixelFormat
    private let colours: [UInt8]
    private var inflater = Inflater()
    private var row: [UInt8]
    private var previous: [UInt8]
    private var filled = 0
    private var pass = 0
    private var y = 0

    /// Prepares for the first row.
    init(_ header: PNGHeader, _ format: PNGPixelFormat, colours: [UInt8]) {
        self.header = header
        self.format = format
        self.colours = colours
        let byteCount = (header.frame.width * format.bitsPerPixel + 7) / 8
        row = [UInt8](repeating: 0, count: byteCount + 1)
        previous = row
    }

    /// Continues with a part of the compressed stream.
    ///
    /// - Returns: True when the image is complete.
    /// - Throws: When the stream is damaged or names an unknown filter.
    mutating func decode(_ bytes: [UInt8], _ range: Range<Int>, into rgb: inout [UInt8]) throws(ImageError)
        -> Bool
    {
        var input = range
        while !input.isEmpty {
            let wanted = rowByteCount + 1
            let (status, produced) = inflater.step(bytes, &input, into: &row, filled..<wanted)
            guard status != .failed else { throw PNGDecoder.corrupt("broken data stream") }
            filled += produced
            guard filled == wanted else { return false }
            filled = 0
            let isKnown = PNGRowFilter.undo(
                &row, previous: previous, byteCount: wanted - 1, distance: format.filterDistance)
            guard isKnown else { throw PNGDecoder.corrupt("unknown row filter \(row[0])") }
            place(into: &rgb)
            if advance() || status == .ended { return true }
            swap(&row, &previous)
        }
        return false
    }

    private var pixelsInRow: Int {
        guard header.isInterlaced else { return header.frame.width }
        let step = Self.columnSteps[pass]
        return (header.frame.width - Self.columnStarts[pass] + step - 1) / step
    }

    private var rowByteCount: Int { (pixelsInRow * format.bitsPerPixel + 7) / 8 }

    private func place(into rgb: inout [UInt8]) {
        let width = header.dimensions.width
        // Pillow places an interlaced frame of an animation at the origin, whatever its offset.
        let (x, top) = header.isInterlaced ? (Self.columnStarts[pass], 0) : (header.frame.x, header.frame.y)
        let step = header.isInterlaced ? Self.columnSteps[pass] : 1
        format.unpack(
            row, count: pixelsInRow, colours: colours, into: &rgb, at: 3 * ((top + y) * width + x),
            stride: 3 * step)
    }

    /// Goes to the next row that has pixels; true when there is none.
    private mutating func advance() -> Bool {
        guard header.isInterlaced else {
            y += 1
            return y >= header.frame.height
        }
        y += Self.rowSteps[pass]
        while y >= header.frame.height || pixelsInRow <= 0 {
            pass += 1
            guard pass < 7 else { return true }
            y = Self.rowStarts[pass]
            // A pass starts below a black row; the caller swaps the two.
            for i in row.indices { row[i] = 0 }
        }
        return false
    }
}
