// SPDX-License-Identifier: MIT
internal import CGEMMKernels

/// Activations laid out as tiles for a ``ProductKernel``: the left factor of a packed product.
///
/// Made once for a worker, for the largest input of any of its linear maps, and packed anew for each of them.
@safe package struct PackedRows: ~Copyable {
    let rowCapacity: Int
    let depthCapacity: Int
    let base: UnsafeMutableRawPointer
    /// In integers: the step of each row.
    let scales: UnsafeMutablePointer<Float>
    /// In integers: the number that stands for 0 in each row.
    let zeros: UnsafeMutablePointer<Int32>
    /// Sums of a member's rows and one panel, one part of `sumsPerMember` for each.
    let sums: UnsafeMutablePointer<Float>
    let memberCapacity: Int

    private(set) var rows = 0
    private(set) var depth = 0
    private(set) var kernel: ProductKernel?

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
        let byteCount = rowCapacity * ((depthCapacity + 15) / 16 * 16) * 4
        unsafe base = HugePages.allocate(byteCount: byteCount)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
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

    /// Rounds and lays out the rows of `x`, the members of `team` tile by tile.
    ///
    /// - Parameters:
    ///   - x: `[rows, inputs]`.
    ///   - factors: In 8 bits: what each input is multiplied with beforehand, `[inputs]`.
    ///   - kernel: The kernel that will multiply.
    ///   - team: Threads that share the tiles.
    /// - Complexity: O(elements). Allocates nothing.
    package mutating func pack(
        _ x: borrowing Matrix, times factors: ConstantVector? = nil, for kernel: ProductKernel,
        team: borrowing ThreadTeam
    ) {
        precondition(
            factors.map { $0.count == x.columns && kernel.format == .int8 } ?? true,
            "factors are for 8 bits, one for each of \(x.columns) inputs")
        precondition(
            x.rows <= rowCapacity && x.columns <= depthCapacity,
            "\(x.shape) does not fit into [\(rowCapacity), \(depthCapacity)]")
        rows = x.rows
        depth = x.columns
        self.kernel = kernel
        // Safe: the capacity was checked, and tiles do not overlap.
        unsafe team.perform(
            PackRowsJob(
                x: UnsafePointer(x.base), factors: factors?.base, depth: depth,
                tiles: RowTiles(rows: rows, largest: kernel.tileRows),
                kernel: kernel, target: base, rowBytes: rowBytes(kernel), scales: scales, zeros: zeros))
    }

    /// Rows that are multiplied with one panel after the other.
    func blockRows(_ kernel: ProductKernel) -> Int {
        min(Self.largestBlock, max(kernel.tileRows, Self.blockBytes / rowBytes(kernel)))
    }

    /// Bytes of one row in its tile.
    func rowBytes(_ kernel: ProductKernel) -> Int {
        kernel.format.paddedDepth(depth) * kernel.tileElementBytes
    }
}

// One owner, as with Matrix; kernels share the storage among the members of a team inside one call.
extension PackedRows: @unchecked @unsafe Sendable {}

@safe private struct PackRowsJob: TeamJob {
    let x: UnsafePointer<Float>
    let factors: UnsafePointer<Float>?
    let depth: Int
    let tiles: RowTiles
    let kernel: ProductKernel
    let target: UnsafeMutableRawPointer
    let rowBytes: Int
    let scales: UnsafeMutablePointer<Float>
    let zeros: UnsafeMutablePointer<Int32>

    func run(as member: TeamMember) {
        while let tile = member.claim(of: tiles.count) {
            let rows = tiles[tile]
            unsafe gemm_pack_tile(
                kernel.index, x + rows.lowerBound * depth, depth, Int32(rows.count), depth, factors,
                target + rows.lowerBound * rowBytes, scales + rows.lowerBound, zeros + rows.lowerBound)
        }
    }
}
