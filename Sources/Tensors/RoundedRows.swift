// SPDX-License-Identifier: MIT
internal import CGEMMKernels

/// Room for activations rounded for a ``ProductKernel``, and for the sums of its products.
///
/// Made once for a worker, for the largest input of any of its linear maps, and filled anew for each of them: in places
/// that follow each other, back to the beginning where the room ends. What the product before has read is still in the
/// caches of all members, from where each line would have to be taken before it is written; what lies further back has
/// mostly made way for weights, and can be asked for beforehand. See docs/decisions/0013-from-core-to-core.md.
@safe package struct RoundedRows: ~Copyable {
    let rowCapacity: Int
    let depthCapacity: Int
    private let base: UnsafeMutableRawPointer
    private let byteCapacity: Int
    /// Where the next rows go.
    private var nextByte = 0
    /// In integers: the step of each row.
    let scales: UnsafeMutablePointer<Float>
    /// In integers: the number that stands for 0 in each row.
    let zeros: UnsafeMutablePointer<Int32>
    /// Sums of a member's rows and one panel, one part of `sumsPerMember` for each.
    let sums: UnsafeMutablePointer<Float>
    let memberCapacity: Int

    /// Most rows that a member multiplies with a panel before it goes on to the next: enough that reading the panel is a
    /// small part of the work.
    private static let largestBlock = 108
    /// Bytes of rows that stay in the second cache beside a piece of panel and the next.
    private static let blockBytes = 640 << 10
    /// Numbers of one member's part of `sums`.
    ///
    /// Blocks are made of whole tiles, so one may be a tile larger than the largest.
    static let sumsPerMember = (largestBlock + ProductKernel.largestTile) * ProductKernel.panelColumns

    /// Room for `rowCapacity` rows of up to `depthCapacity` numbers in any format, multiplied by a team of up to
    /// `memberCapacity` members.
    package init(rowCapacity: Int, depthCapacity: Int, memberCapacity: Int) {
        precondition(
            rowCapacity > 0 && depthCapacity > 0 && memberCapacity > 0,
            "no room for [\(rowCapacity), \(depthCapacity)] and \(memberCapacity) members")
        self.memberCapacity = memberCapacity
        self.rowCapacity = rowCapacity
        self.depthCapacity = depthCapacity
        // 16 depths are the longest step, 4 bytes the widest element.
        byteCapacity = rowCapacity * ((depthCapacity + 15) / 16 * 16) * 4
        unsafe base = HugePages.allocate(byteCount: byteCapacity)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCapacity)
        unsafe scales = .allocate(capacity: rowCapacity)
        unsafe scales.initialize(repeating: 0, count: rowCapacity)
        unsafe zeros = .allocate(capacity: rowCapacity)
        unsafe zeros.initialize(repeating: 0, count: rowCapacity)
        let count = memberCapacity * Self.sumsPerMember
        let storage = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
        unsafe sums = storage.bindMemory(to: Float.self, capacity: count)
        unsafe sums.initialize(repeating: 0, count: count)
    }

    deinit {
        unsafe base.deallocate()
        unsafe scales.deallocate()
        unsafe zeros.deallocate()
        unsafe sums.deallocate()
    }

    /// The rows of `x` as `kernel` reads them: `x` itself in single precision, else rounded here, each member of `team` a
    /// part of the rows.
    ///
    /// - Parameters:
    ///   - x: `[rows, inputs]`.
    ///   - factors: In 8 bits: what each input is multiplied with beforehand, `[inputs]`.
    ///   - kernel: The kernel that will multiply.
    ///   - team: Threads that share the rows.
    /// - Returns: Where they are, until `x` or this changes.
    /// - Complexity: O(elements). Allocates nothing.
    mutating func rows(
        of x: borrowing Matrix, times factors: ConstantVector?, for kernel: ProductKernel,
        team: borrowing ThreadTeam
    ) -> ProductRows {
        precondition(
            factors.map { $0.count == x.columns && kernel.format == .int8 } ?? true,
            "factors are for 8 bits, one for each of \(x.columns) inputs")
        precondition(
            x.rows <= rowCapacity && x.columns <= depthCapacity,
            "\(x.shape) does not fit into [\(rowCapacity), \(depthCapacity)]")
        let stride = kernel.format.paddedDepth(x.columns) * kernel.rowElementBytes
        if !kernel.roundsRows && stride == x.columns * MemoryLayout<Float>.stride {
            return unsafe ProductRows(base: UnsafeRawPointer(x.base), stride: stride)
        }
        let target = unsafe place(forBytes: stride * x.rows)
        // Safe: the capacity was checked, and rows do not overlap.
        unsafe team.perform(
            RoundRowsJob(
                x: UnsafePointer(x.base), factors: factors?.base, rows: x.rows, depth: x.columns,
                kernel: kernel, target: target, stride: stride, scales: scales, zeros: zeros))
        return unsafe ProductRows(base: UnsafeRawPointer(target), stride: stride)
    }

    /// The next place for `count` bytes, at most `byteCapacity`.
    private mutating func place(forBytes count: Int) -> UnsafeMutableRawPointer {
        if nextByte + count > byteCapacity { nextByte = 0 }
        // Cache lines belong to one place.
        defer { nextByte += (count + 63) / 64 * 64 }
        return unsafe base + nextByte
    }

    /// Rows of `stride` bytes that are multiplied with one panel after the other.
    static func blockRows(_ kernel: ProductKernel, stride: Int) -> Int {
        min(largestBlock, max(kernel.tileRows, blockBytes / stride))
    }
}

// One owner, as with Matrix; kernels share the storage among the members of a team inside one call.
extension RoundedRows: @unchecked @unsafe Sendable {}

/// Rows as a kernel reads them, `stride` bytes apart.
@unsafe struct ProductRows {
    let base: UnsafeRawPointer
    let stride: Int
}

@safe private struct RoundRowsJob: TeamJob {
    let x: UnsafePointer<Float>
    let factors: UnsafePointer<Float>?
    let rows, depth: Int
    let kernel: ProductKernel
    let target: UnsafeMutableRawPointer
    let stride: Int
    let scales: UnsafeMutablePointer<Float>
    let zeros: UnsafeMutablePointer<Int32>

    func run(as member: TeamMember) {
        // The same share as in a LayerNorm, whose rows are still in the member's cache.
        let rows = member.share(of: rows)
        guard !rows.isEmpty else { return }
        unsafe gemm_round_rows(
            kernel.index, x + rows.lowerBound * depth, depth, Int32(rows.count), depth, factors,
            target + rows.lowerBound * stride, scales + rows.lowerBound, zeros + rows.lowerBound)
    }
}
