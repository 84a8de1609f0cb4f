// SPDX-License-Identifier: MIT
internal import Glibc

/// One region of memory for all the weights of a model, in single precision.
///
/// Weights are read from end to end once per batch, in strides of thousands of bytes, so the region asks for huge
/// pages: 351 MB are 180 pages of 2 MiB instead of 86,000 of 4 KiB. It is zero when made and costs physical memory
/// only where written.
///
/// The arena is filled by `reserve` and the decoding of tensors while one model is being loaded, and is read-only
/// from then on: ``ConstantMatrix`` and ``ConstantVector`` are slices that keep it alive.
@safe package final class WeightArena {
    /// Number of single-precision elements the arena holds.
    package let capacity: Int

    let base: UnsafeMutablePointer<Float>
    private let byteCount: Int
    private var reserved = 0

    /// Reserves address space for `capacity` elements.
    ///
    /// - Throws: ``WeightArenaError`` when the system refuses the mapping.
    package init(capacity: Int) throws(WeightArenaError) {
        let (bytes, overflow) = capacity.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
        guard capacity > 0, !overflow, bytes < Int.max - 2 * HugePages.size else {
            throw .refused(byteCount: capacity, errno: ENOMEM)
        }
        self.capacity = capacity
        byteCount = (bytes + HugePages.size - 1) / HugePages.size * HugePages.size
        let mapping = unsafe mmap(
            nil, byteCount + HugePages.size, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let region = unsafe mapping, unsafe region != MAP_FAILED else {
            throw .refused(byteCount: byteCount, errno: errno)
        }
        let misalignment = Int(bitPattern: region) & (HugePages.size - 1)
        let lead = misalignment == 0 ? 0 : HugePages.size - misalignment
        let start = unsafe region + lead
        // Give the unaligned ends back, so that the region is exactly what deinit unmaps.
        if lead > 0 { unsafe munmap(region, lead) }
        let tail = HugePages.size - lead
        if tail > 0 { unsafe munmap(start + byteCount, tail) }
        // Only advice: without huge pages everything works, slower.
        unsafe madvise(start, byteCount, MADV_HUGEPAGE)
        unsafe base = start.bindMemory(to: Float.self, capacity: byteCount / MemoryLayout<Float>.stride)
    }

    deinit {
        unsafe munmap(base, byteCount)
    }

    /// Hands out the next `count` elements, starting on a 64-byte boundary.
    ///
    /// - Returns: Offset of the first element.
    /// - Throws: ``WeightArenaError/full(capacity:requested:)`` when the arena was made too small.
    package func reserve(_ count: Int) throws(WeightArenaError) -> Int {
        let start = (reserved + 15) & ~15
        guard count >= 0, start <= capacity, count <= capacity - start else {
            throw .full(capacity: capacity, requested: count)
        }
        reserved = start + count
        return start
    }

    /// Elements that `counts` need in one arena, alignment included.
    package static func capacity(for counts: [Int]) -> Int {
        counts.reduce(0) { ($0 + 15) & ~15 + $1 } + 16
    }

    /// Lets `body` fill the elements `range`, which `reserve` handed out and nobody reads yet.
    package func fill<Failure: Error>(
        _ range: Range<Int>, _ body: (inout MutableSpan<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= capacity, "\(range) outside of \(capacity) weights")
        // Safe: the range lies inside the region; exclusive because only loading code calls this, before sharing.
        var span = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
        try body(&span)
    }
}

// Shared by every slice and read by many threads. Written only between `reserve` and the end of loading, by the
// one thread (or the one ThreadTeam) that loads; after that no code path writes. Writing later would race with
// readers, which is why `fill` is called by the weight loader alone.
extension WeightArena: @unchecked @unsafe Sendable {}

/// Why there is no memory for weights.
package enum WeightArenaError: Error, Equatable, Sendable {
    /// The system did not map the region.
    case refused(byteCount: Int, errno: Int32)
    /// More was requested than the arena was made for.
    case full(capacity: Int, requested: Int)
}

extension WeightArenaError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let byteCount, let errno):
            "The system refused \(byteCount) bytes of memory for the weights (errno \(errno)); free some memory and try again."
        case .full(let capacity, let requested):
            "The weights need \(requested) more elements than the \(capacity) their shapes announced."
        }
    }
}
