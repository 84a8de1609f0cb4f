// SPDX-License-Identifier: MIT
package import SystemPackage

/// A run of read-only bytes that keeps its owner, a mapped file or memory of our own, alive.
///
/// Copying and slicing are O(1) and copy no bytes.
@safe
package struct ByteSlice: Sendable {
    private let owner: ByteSliceOwner
    private let offset: Int
    package let count: Int

    /// All bytes of the file at `path`, mapped; touches no page.
    package init(mapping path: FilePath) throws(FileMappingError) {
        self.init(try FileMapping(opening: path))
    }

    /// All bytes of `mapping`.
    package init(_ mapping: consuming FileMapping) {
        owner = ByteSliceOwner(mapping)
        offset = 0
        count = owner.count
    }

    /// A copy of `bytes`, aligned to 64 bytes.
    package init(copying bytes: Span<UInt8>) {
        owner = ByteSliceOwner(copying: bytes)
        offset = 0
        count = owner.count
    }

    /// A copy of `bytes`, aligned to 64 bytes.
    package init(_ bytes: [UInt8]) {
        self.init(copying: bytes.span)
    }

    private init(owner: ByteSliceOwner, offset: Int, count: Int) {
        self.owner = owner
        self.offset = offset
        self.count = count
    }

    /// The byte at `index`.
    package subscript(index: Int) -> UInt8 {
        withSpan { $0[index] }
    }

    /// The bytes in `range`, counted from the start of this slice.
    package subscript(range: Range<Int>) -> ByteSlice {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count, "bytes \(range) of a slice of \(count)")
        return ByteSlice(owner: owner, offset: offset + range.lowerBound, count: range.count)
    }

    /// Lends the bytes to `body`.
    package func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Safe: init and subscript keep the range inside the owner, which outlives the call.
        try unsafe body(Span(_unsafeElements: buffer))
    }

    /// Gives the memory pages of the slice, and some around it, back to the system; later reads fetch them again.
    ///
    /// For mapped files that are read once. Memory of our own is left alone.
    package func discardPages() {
        owner.discardPages(offset..<offset + count)
    }

    /// The bytes as a buffer, valid while the slice lives.
    @unsafe
    var buffer: UnsafeBufferPointer<UInt8> {
        guard let base = unsafe owner.base else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
        // Safe: offset + count was checked against the owner's count; UInt8 needs no alignment.
        return unsafe UnsafeBufferPointer(
            start: (base + offset).assumingMemoryBound(to: UInt8.self), count: count)
    }
}

extension ByteSlice {
    /// The little-endian integer at byte `offset`.
    package func littleEndian<Integer: FixedWidthInteger & UnsignedInteger>(
        at offset: Int, as type: Integer.Type = Integer.self
    ) -> Integer {
        withSpan { bytes in
            var value: Integer = 0
            for index in (0..<Integer.bitWidth / 8).reversed() {
                value = value << 8 | Integer(truncatingIfNeeded: bytes[offset + index])
            }
            return value
        }
    }
}

extension Array where Element == UInt8 {
    /// A copy of the bytes of `slice`.
    package init(_ slice: ByteSlice) {
        self = slice.withSpan { bytes in unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) } }
    }
}
