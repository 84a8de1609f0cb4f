// SPDX-License-Identifier: MIT

/// The bytes of a block's rows, as a file keeps them; little-endian, as the processors are that this runs on.
package struct StoredBlock: Sendable {
    /// What is known of each row besides its numbers.
    package let traits: [UInt8]
    /// The codes that are scanned.
    package let codes: [UInt8]
    /// The numbers.
    package let floats: [UInt8]
}

extension VectorBlock {
    /// Bytes of the traits of a row.
    package static var traitsLength: Int { MemoryLayout<Traits>.stride }

    /// Bytes of the codes of a row of `dimension` numbers.
    package static func codesLength(dimension: Int) -> Int { stride(of: dimension) }

    /// The bytes of these rows, all of them published; nil when the file that one is mapped from is damaged.
    package func stored(rows: [Int]) -> StoredBlock? {
        var traits: [UInt8] = [], codes: [UInt8] = [], floats: [UInt8] = []
        traits.reserveCapacity(rows.count * Self.traitsLength)
        codes.reserveCapacity(rows.count * stride)
        floats.reserveCapacity(rows.count * dimension * MemoryLayout<Float>.stride)
        for row in rows {
            guard let values = values(of: row) else { return nil }
            // Safe: published rows lie inside both regions.
            unsafe traits += UnsafeRawBufferPointer(
                start: self.traits.base + row * Self.traitsLength, count: Self.traitsLength)
            unsafe codes += UnsafeRawBufferPointer(start: self.codes.base + row * stride, count: stride)
            unsafe values.withUnsafeBytes { unsafe floats += $0 }
        }
        return StoredBlock(traits: traits, codes: codes, floats: floats)
    }

    /// A complete block from a file: codes and traits are copied, the numbers stay where they are.
    ///
    /// - Parameters:
    ///   - dimension: Numbers in a row.
    ///   - centre: What was subtracted from each vector of length 1.
    ///   - rows: Number of rows, at most ``rowCapacity``.
    ///   - traits: Of all rows, checked against damage already.
    ///   - codes: Of all rows, checked against damage already.
    ///   - floats: Of all rows; each is checked when it is read. Starts at a multiple of 4 bytes.
    /// - Throws: ``VectorMemoryError``.
    package convenience init(
        dimension: Int, centre: [Float], rows: Int, traits: ByteSlice, codes: ByteSlice, floats: ByteSlice
    ) throws(VectorMemoryError) {
        precondition(
            (0...Self.rowCapacity).contains(rows) && traits.count == rows * Self.traitsLength
                && codes.count == rows * Self.stride(of: dimension)
                && floats.count == rows * dimension * MemoryLayout<Float>.stride,
            "\(rows) rows with \(traits.count), \(codes.count) and \(floats.count) bytes")
        try self.init(dimension: dimension, centre: centre, exact: .mapped(floats))
        // Safe: both regions hold rowCapacity rows, and nobody else knows this block yet.
        if let source = unsafe traits.buffer.baseAddress {
            unsafe self.traits.base.copyMemory(from: source, byteCount: traits.count)
        }
        if let source = unsafe codes.buffer.baseAddress {
            unsafe self.codes.base.copyMemory(from: source, byteCount: codes.count)
        }
    }
}
