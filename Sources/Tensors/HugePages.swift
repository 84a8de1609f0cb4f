// SPDX-License-Identifier: MIT
internal import Glibc

/// Pages of 2 MiB, of which a few cover what thousands of 4 KiB would.
enum HugePages {
    /// Bytes of a page.
    static let size = 2 << 20

    /// Memory for at least `byteCount` bytes, on a 64-byte boundary or on that of a huge page; freed by `deallocate`.
    ///
    /// Only whole pages are huge, so that no memory is added. Without huge pages everything works, slower.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        guard byteCount >= size else { return .allocate(byteCount: max(byteCount, 1), alignment: 64) }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: size)
        // Safe: advice about memory that was just allocated.
        unsafe madvise(memory, byteCount / size * size, MADV_HUGEPAGE)
        return unsafe memory
    }
}
