// SPDX-License-Identifier: MIT

/// Keeps the bytes of ``ByteSlice`` values alive: a mapped file or memory of our own.
@safe
final class ByteSliceOwner: @unchecked Sendable {
    // What is shared: bytes that nobody writes after init. The mapping is immutable by type; the heap
    // block is filled before the object is published. Writing through `base` later would break this.
    let base: UnsafeRawPointer?
    let count: Int
    private let mapping: FileMapping?

    init(_ mapping: consuming FileMapping) {
        unsafe base = mapping.base
        count = mapping.count
        self.mapping = consume mapping
    }

    /// Copies `bytes` to memory aligned to 64 bytes.
    init(copying bytes: Span<UInt8>) {
        mapping = nil
        count = bytes.count
        guard count > 0 else {
            unsafe base = nil
            return
        }
        let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
        // Safe: both regions hold count bytes and do not overlap, block being new.
        unsafe bytes.withUnsafeBytes { source in
            unsafe block.copyMemory(from: source.baseAddress!, byteCount: source.count)
        }
        unsafe base = UnsafeRawPointer(block)
    }

    deinit {
        guard mapping == nil, let base = unsafe base else { return }
        // Safe: without a mapping, base came from allocate.
        unsafe base.deallocate()
    }

    func discardPages(_ range: Range<Int>) {
        mapping?.discardPages(range)
    }
}
