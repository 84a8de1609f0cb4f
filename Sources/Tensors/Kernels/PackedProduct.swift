// SPDX-License-Identifier: MIT
internal import CGEMMKernels
internal import CVectorKernels

/// `y[:, outputs] ← epilogue(x · Wᵀ + b)` with packed weights.
///
/// The members of the team take blocks, first those of their own share: one panel times the rows that fit into the cache beside it.
/// A piece of panel is read from memory once, while the piece before it is multiplied, and stays in the second cache for
/// all rows. Bias, activation and residual sum follow tile by tile, on sums that are in the first cache.
///
/// - Parameters:
///   - x: `[rows, inputs]`.
///   - factors: In 8 bits: what each input is multiplied with before it is rounded, `[inputs]`.
///   - weights: W, `[outputs, inputs]`.
///   - kernel: What multiplies; of the format of `weights`.
///   - outputs: Outputs wanted. Those before them that share their first panel are computed too; with `.residual`,
///     which would add to them, there must be none.
///   - bias: b, `[outputs]`, of all outputs.
///   - epilogue: What to do with the sums.
///   - y: Output, takes as many rows into use as `x` has; output o goes to column o − `outputs.lowerBound` +
///     `firstColumn`.
///   - firstColumn: Column of the first output wanted.
///   - rounded: Room for the rounded rows of `x` and for sums.
///   - team: Threads that share the panels.
/// - Complexity: O(rows · inputs · outputs). Allocates nothing.
func packedProduct(
    _ x: borrowing Matrix, times factors: ConstantVector? = nil, _ weights: PackedMatrix,
    _ kernel: ProductKernel,
    outputs: Range<Int>, bias: ConstantVector?, _ epilogue: Epilogue, into y: inout Matrix, firstColumn: Int,
    rounded: inout RoundedRows, team: borrowing ThreadTeam
) {
    precondition(
        kernel.format == weights.format && x.columns == weights.columns,
        "rows of \(x.columns) in \(kernel.format) for weights of \(weights.columns) in \(weights.format)")
    precondition(
        outputs.lowerBound >= 0 && outputs.upperBound <= weights.rows
            && bias.map { $0.count == weights.rows } ?? true,
        "outputs \(outputs) of \(weights.rows)")
    let first = outputs.lowerBound / ProductKernel.panelColumns
    let lead = outputs.lowerBound - first * ProductKernel.panelColumns
    if case .residual = epilogue {
        precondition(
            lead == 0, "outputs from \(outputs.lowerBound) on would add to \(lead) columns before them")
    }
    precondition(
        firstColumn >= lead && firstColumn + outputs.count <= y.columns,
        "\(outputs.count) outputs from column \(firstColumn) do not fit \(y.columns)")
    precondition(
        team.memberCount <= rounded.memberCapacity,
        "a team of \(team.memberCount), room for \(rounded.memberCapacity)")
    let rows = unsafe rounded.rows(of: x, times: factors, for: kernel, team: team)
    y.useRows(x.rows)
    let blockRows = unsafe RoundedRows.blockRows(kernel, stride: rows.stride)
    // Safe: the shapes were checked, and every pointer's owner outlives the call.
    unsafe team.perform(
        PackedProductJob(
            kernel: kernel, weights: weights, panels: first..<PackedMatrix.panelCount(outputs.upperBound),
            lastOutput: outputs.upperBound, blocks: RowTiles(rows: x.rows, largest: blockRows),
            tiles: RowTiles(rows: x.rows, largest: kernel.tileRows), x: rows, rowScales: rounded.scales,
            rowZeros: rounded.zeros, sums: rounded.sums, bias: bias?.base, epilogue: epilogue,
            y: y.base + firstColumn - lead - first * ProductKernel.panelColumns, stride: y.columns))
}

@safe private struct PackedProductJob: TeamJob {
    let kernel: ProductKernel
    let weights: PackedMatrix
    let panels: Range<Int>
    let lastOutput: Int
    let blocks: RowTiles
    let tiles: RowTiles
    let x: ProductRows
    let rowScales: UnsafeMutablePointer<Float>
    let rowZeros: UnsafeMutablePointer<Int32>
    let sums: UnsafeMutablePointer<Float>
    let bias: UnsafePointer<Float>?
    let epilogue: Epilogue
    /// Where row 0 of output 0 would be.
    let y: UnsafeMutablePointer<Float>
    let stride: Int

    /// Steps of a panel that are multiplied with all rows of a block before the next: 147 kB.
    private static let pieceSteps = 192

    func run(as member: TeamMember) {
        let sums = unsafe sums + member.index * RoundedRows.sumsPerMember
        // One block ahead, so that it is known what to bring near.
        var block = member.claim(of: panels.count * blocks.count)
        while let current = block {
            block = member.claim(of: panels.count * blocks.count)
            unsafe multiply(current, next: weights.panel(panel(ofBlock: block ?? current)), sums)
        }
    }

    /// Rows come first: all panels pass by one block of rows.
    private func panel(ofBlock block: Int) -> Int { panels.lowerBound + block % panels.count }

    private func multiply(_ block: Int, next: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>) {
        let panel = panel(ofBlock: block)
        let tileRange = tiles.tiles(ofBlock: block / panels.count, of: blocks.count)
        let steps = weights.format.stepCount(weights.columns)
        let panelBytes = unsafe UnsafeRawPointer(weights.panel(panel))
        for step in Swift.stride(from: 0, to: steps, by: Self.pieceSteps) {
            let piece = step..<min(step + Self.pieceSteps, steps)
            let isLast = piece.upperBound == steps
            let ahead =
                unsafe isLast
                ? UnsafeRawPointer(next) : panelBytes + piece.upperBound * ProductKernel.stepBytes
            unsafe multiply(tileRange, panel, piece, ahead: ahead, sums, isLast: isLast)
        }
    }

    /// One piece of the panel times all rows of the block; the last makes outputs of the sums.
    private func multiply(
        _ tileRange: Range<Int>, _ panel: Int, _ steps: Range<Int>, ahead: UnsafeRawPointer,
        _ sums: UnsafeMutablePointer<Float>, isLast: Bool
    ) {
        let firstRow = tiles[tileRange.lowerBound].lowerBound
        let depthBytes =
            unsafe x.base + steps.lowerBound * weights.format.stepDepth * kernel.rowElementBytes
        let panelBytes =
            unsafe UnsafeRawPointer(weights.panel(panel)) + steps.lowerBound * ProductKernel.stepBytes
        for tile in tileRange {
            let rows = tiles[tile]
            let sums = unsafe sums + (rows.lowerBound - firstRow) * ProductKernel.panelColumns
            if isLast { expectOutputs(rows, panel) }
            // A tile brings 128 of the 768 bytes of a step near; after six tiles everything is there.
            let share = min(tile - tileRange.lowerBound, 5) * steps.count * 128
            unsafe gemm_multiply(
                kernel.index, Int32(rows.count), steps.count, depthBytes + rows.lowerBound * x.stride,
                x.stride,
                panelBytes, sums, steps.lowerBound > 0 ? 1 : 0, ahead + share)
            if isLast { unsafe finish(rows, panel, sums) }
        }
    }

    private func outputCount(_ panel: Int) -> Int {
        min(ProductKernel.panelColumns, lastOutput - panel * ProductKernel.panelColumns)
    }

    /// Brings the outputs of a tile and a panel near while the tile is multiplied.
    ///
    /// They were last touched by any member and long ago: fetched one by one as they are written, they cost as much as an
    /// eighth of the product.
    private func expectOutputs(_ rows: Range<Int>, _ panel: Int) {
        unsafe gemm_expect_outputs(
            y + rows.lowerBound * stride + panel * ProductKernel.panelColumns, stride, Int32(rows.count),
            Int32(outputCount(panel)))
    }

    /// Turns the sums of a tile and a panel into outputs.
    private func finish(_ rows: Range<Int>, _ panel: Int, _ sums: UnsafeMutablePointer<Float>) {
        let column = panel * ProductKernel.panelColumns
        var block = unsafe vector_block(
            rows: rows.count, columns: outputCount(panel), x: sums,
            x_stride: ProductKernel.panelColumns, y: y + rows.lowerBound * stride + column, y_stride: stride,
            bias: bias.map { unsafe $0 + column }, integers: nil)
        guard weights.format.isInteger else { return unsafe finish(&block) }
        var integers = unsafe vector_integers(
            sums: weights.sums(ofPanel: panel), scales: weights.scales(ofPanel: panel),
            zeros: rowZeros + rows.lowerBound, row_scales: rowScales + rows.lowerBound)
        unsafe withUnsafePointer(to: &integers) { integers in
            unsafe block.integers = unsafe integers
            unsafe finish(&block)
        }
    }

    private func finish(_ block: UnsafePointer<vector_block>) {
        switch epilogue {
        case .bias: unsafe vector_add(block)
        case .residual: unsafe vector_accumulate(block)
        case .activation(.quickGELU): unsafe vector_add_quick_gelu(block)
        case .activation(.gelu): unsafe vector_add_gelu(block)
        }
    }
}
