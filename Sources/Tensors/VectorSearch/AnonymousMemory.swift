// SPDX-License-Identifier: MIT
internal import Glibc

/// A region of zeros from the system, in whole huge pages; costs physical memory only where it is written.
@safe final class AnonymousMemory {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    private static let hugePage = 2 << 20

    /// Reserves a region; `huge` asks for huge pages, which pay where it is read from end to end.
    ///
    /// - Throws: ``VectorMemoryError`` when the system refuses.
    init(byteCount needed: Int, huge: Bool) throws(VectorMemoryError) {
        let (padded, overflow) = needed.addingReportingOverflow(2 * Self.hugePage)
        guard needed > 0, !overflow else { throw .refused(byteCount: needed, errno: ENOMEM) }
        byteCount = (needed + Self.hugePage - 1) / Self.hugePage * Self.hugePage
        let mapping = unsafe mmap(
            nil, padded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let region = unsafe mapping, unsafe region != MAP_FAILED else {
            throw .refused(byteCount: needed, errno: errno)
        }
        // The ends that do not fill a huge page go back, so that deinit unmaps exactly what is left.
        let start = (Int(bitPattern: region) + Self.hugePage - 1) / Self.hugePage * Self.hugePage
        let lead = start - Int(bitPattern: region)
        if lead > 0 { unsafe munmap(region, lead) }
        let tail = (padded + 4095) / 4096 * 4096 - lead - byteCount
        if tail > 0 { unsafe munmap(region + lead + byteCount, tail) }
        unsafe base = region + lead
        // Only advice: without huge pages everything works, slower.
        if huge { unsafe madvise(base, byteCount, MADV_HUGEPAGE) }
    }

    deinit {
        unsafe munmap(base, byteCount)
    }
}
