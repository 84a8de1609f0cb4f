// SPDX-License-Identifier: MIT
internal import CGEMMKernels
internal import CVectorKernels

/// `y[:, outputs] ← epilogue(x · Wᵀ + b)` with both factors packed.
///
/// The members of the team take panels one after the other and multiply each with all rows: a panel is read from memory
/// once and stays in the second cache until it is done, while the next is on its way. Bias, activation and residual sum
/// follow on each tile of sums, which is still in the first cache.
///
/// - Parameters:
///   - x: `[rows, inputs]`, packed for a kernel of the precision of `weights`.
///   - weights: W, `[outputs, inputs]`.
///   - outputs: Outputs wanted. Those before them that share their first panel are computed too.
///   - bias: b, `[outputs]`, of all outputs.
///   - epilogue: What to do with the sums.
///   - y: Output, takes as many rows into use as `x` has; output o goes to column o − `outputs.lowerBound` +
///     `firstColumn`.
///   - firstColumn: Column of the first output wanted.
///   - team: Threads that share the panels.
/// - Complexity: O(rows · inputs · outputs). Allocates nothing.
func packedProduct(
    _ x: borrowing PackedRows, _ weights: PackedMatrix, outputs: Range<Int>, bias: ConstantVector?,
    _ epilogue: Epilogue, into y: inout Matrix, firstColumn: Int, team: borrowing ThreadTeam
) {
    guard let kernel = x.kernel else { preconditionFailure("the rows were not packed") }
    precondition(
        kernel.precision == weights.precision && x.depth == weights.columns,
        "rows of \(x.depth) in \(kernel.precision) for weights of \(weights.columns) in \(weights.precision)")
    precondition(
        outputs.lowerBound >= 0 && outputs.upperBound <= weights.rows
            && bias.map { $0.count == weights.rows } ?? true,
        "outputs \(outputs) of \(weights.rows)")
    let first = outputs.lowerBound / ProductKernel.panelColumns
    let lead = outputs.lowerBound - first * ProductKernel.panelColumns
    precondition(
        firstColumn >= lead && firstColumn + outputs.count <= y.columns,
        "\(outputs.count) outputs from column \(firstColumn) do not fit \(y.columns)")
    y.useRows(x.rows)
    // Safe: the shapes were checked, and every pointer's owner outlives the call.
    unsafe team.perform(
        PackedProductJob(
            kernel: kernel, weights: weights, panels: first..<PackedMatrix.panelCount(outputs.upperBound),
            lastOutput: outputs.upperBound, tiles: RowTiles(rows: x.rows, largest: kernel.tileRows),
            x: x.base,
            rowBytes: x.rowBytes(kernel), rowScales: x.scales, rowZeros: x.zeros, bias: bias?.base,
            epilogue: epilogue, y: y.base + firstColumn - lead - first * ProductKernel.panelColumns,
            stride: y.columns))
}

@safe private struct PackedProductJob: TeamJob {
    let kernel: ProductKernel
    let weights: PackedMatrix
    let panels: Range<Int>
    let lastOutput: Int
    let tiles: RowTiles
    let x: UnsafeMutableRawPointer
    let rowBytes: Int
    let rowScales: UnsafeMutablePointer<Float>
    let rowZeros: UnsafeMutablePointer<Int32>
    let bias: UnsafePointer<Float>?
    let epilogue: Epilogue
    /// Where row 0 of output 0 would be.
    let y: UnsafeMutablePointer<Float>
    let stride: Int

    func run(as member: TeamMember) {
        // On the stack: a member's sums of one tile and one panel.
        unsafe withUnsafeTemporaryAllocation(
            of: Float.self, capacity: ProductKernel.largestTile * ProductKernel.panelColumns
        ) { sums in
            guard let sums = sums.baseAddress else { return }
            // One panel ahead, so that it is known what to bring near.
            var panel = member.claim(of: panels.count)
            while let current = panel {
                panel = member.claim(of: panels.count)
                let next = panels.lowerBound + (panel ?? current)
                unsafe multiply(panels.lowerBound + current, sums, next: weights.panel(next))
            }
        }
    }

    private func multiply(
        _ panel: Int, _ sums: UnsafeMutablePointer<Float>, next: UnsafePointer<Float>
    ) {
        let depth = weights.precision.paddedDepth(weights.columns)
        // What one tile brings near: a quarter of a panel, while there are quarters left.
        let quarter = depth / gemm_step_depth(weights.precision.code) * Int(GEMM_STEP_BYTES) / 4
        for tile in 0..<tiles.count {
            let rows = tiles[tile]
            unsafe gemm_multiply(
                kernel.index, Int32(rows.count), depth, x + rows.lowerBound * rowBytes, weights.panel(panel),
                sums,
                UnsafeRawPointer(next) + min(tile, 3) * quarter)
            unsafe finish(rows, panel, sums)
        }
    }

    /// Turns a tile's sums into outputs.
    private func finish(_ rows: Range<Int>, _ panel: Int, _ sums: UnsafeMutablePointer<Float>) {
        let column = panel * ProductKernel.panelColumns
        let count = min(ProductKernel.panelColumns, lastOutput - column)
        for row in rows {
            let line = unsafe sums + (row - rows.lowerBound) * ProductKernel.panelColumns
            if weights.precision == .int8 { unsafe scale(line, row, panel) }
            unsafe add(line, to: y + row * stride + column, bias.map { unsafe $0 + column }, count)
        }
    }

    private func scale(_ line: UnsafeMutablePointer<Float>, _ row: Int, _ panel: Int) {
        unsafe vector_dequantize(
            line, weights.sums(ofPanel: panel), weights.scales(ofPanel: panel), rowZeros[row], rowScales[row],
            ProductKernel.panelColumns)
    }

    private func add(
        _ line: UnsafeMutablePointer<Float>, to output: UnsafeMutablePointer<Float>,
        _ bias: UnsafePointer<Float>?,
        _ count: Int
    ) {
        if case .residual = epilogue {
            if let bias = unsafe bias { unsafe vector_add(line, bias, count) }
            return unsafe vector_add(output, line, count)
        }
        if let bias = unsafe bias {
            switch epilogue {
            case .activation(.quickGELU): unsafe vector_add_quick_gelu(line, bias, count)
            case .activation(.gelu): unsafe vector_add_gelu(line, bias, count)
            case .bias, .residual: unsafe vector_add(line, bias, count)
            }
        }
        unsafe output.update(from: line, count: count)
    }
}
