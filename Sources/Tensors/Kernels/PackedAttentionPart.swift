// SPDX-License-Identifier: MIT
internal import CGEMMKernels
internal import CVectorKernels

/// One member's workspace for the attention of one head by packed products.
///
///     | panels of keys | panels of values | tile | sums of a tile and a panel | scores |
@safe struct PackedAttentionPart {
    private let keyPanels, valuePanels, tile, sums, scores: UnsafeMutablePointer<Float>
    private let tokens, headWidth: Int

    init(_ base: UnsafeMutablePointer<Float>, _ shape: AttentionShape, headWidth: Int) {
        let sizes = Self.sizes(shape, headWidth: headWidth)
        unsafe keyPanels = unsafe base
        unsafe valuePanels = unsafe keyPanels + sizes.keys
        unsafe tile = unsafe valuePanels + sizes.values
        unsafe sums = unsafe tile + sizes.tile
        unsafe scores = unsafe sums + ProductKernel.largestTile * ProductKernel.panelColumns
        tokens = shape.tokenCount
        self.headWidth = headWidth
    }

    /// Numbers that a part holds.
    static func length(_ shape: AttentionShape, headWidth: Int) -> Int {
        let sizes = sizes(shape, headWidth: headWidth)
        return sizes.keys + sizes.values + sizes.tile
            + ProductKernel.largestTile * (ProductKernel.panelColumns + shape.tokenCount)
    }

    private static func sizes(_ shape: AttentionShape, headWidth: Int) -> (keys: Int, values: Int, tile: Int)
    {
        let panel = ProductKernel.panelColumns
        let keys =
            PackedMatrix.panelCount(shape.tokenCount) * panel * ProductFormat.fp32.paddedDepth(headWidth)
        let values =
            PackedMatrix.panelCount(headWidth) * panel * ProductFormat.fp32.paddedDepth(shape.tokenCount)
        let depth = max(
            ProductFormat.fp32.paddedDepth(headWidth), ProductFormat.fp32.paddedDepth(shape.tokenCount))
        return (keys, values, ProductKernel.largestTile * depth)
    }

    private func panels(of count: Int) -> StrideTo<Int> {
        stride(from: 0, to: count, by: ProductKernel.panelColumns)
    }

    /// Keys are rows of weights: `[tokens, headWidth]`, `stride` apart.
    func pack(keys: UnsafePointer<Float>, stride: Int) {
        let depth = ProductFormat.fp32.paddedDepth(headWidth)
        for token in panels(of: tokens) {
            unsafe gemm_pack_panel(
                ProductFormat.fp32.code, keys + token * stride, stride,
                Int32(min(ProductKernel.panelColumns, tokens - token)), headWidth, keyPanels + token * depth,
                nil, nil)
        }
    }

    /// Values are weights by depth: `[tokens, headWidth]`, `stride` apart.
    func pack(values: UnsafePointer<Float>, stride: Int) {
        let depth = ProductFormat.fp32.paddedDepth(tokens)
        for column in panels(of: headWidth) {
            unsafe gemm_pack_panel_by_depth(
                values + column, stride, Int32(min(ProductKernel.panelColumns, headWidth - column)), tokens,
                valuePanels + column * depth)
        }
    }

    /// Scores of `rows` queries, `stride` apart, to all keys.
    func scores(of queries: UnsafePointer<Float>, stride: Int, _ rows: Int, _ kernel: ProductKernel) {
        let depth = ProductFormat.fp32.paddedDepth(headWidth)
        let steps = ProductFormat.fp32.stepCount(headWidth)
        unsafe gemm_pack_tile(kernel.index, queries, stride, Int32(rows), headWidth, nil, tile, nil, nil)
        for token in panels(of: tokens) {
            let panel = unsafe keyPanels + token * depth
            let columns = min(ProductKernel.panelColumns, tokens - token)
            unsafe gemm_multiply(
                kernel.index, Int32(rows), Int32(columns), steps, tile, panel, sums, 0, panel)
            unsafe copySums(rows, columns, to: scores + token, tokens)
        }
    }

    /// Scores of `rows` queries, scaled, to weights that sum to 1.
    ///
    /// Under a causal mask `firstQuery` is the token that the first row belongs to; without one it is nil.
    func softmax(_ rows: Int, scale: Float, firstQuery: Int? = nil) {
        for index in 0..<rows * tokens { unsafe scores[index] *= scale }
        for row in 0..<rows {
            unsafe softmaxVisible(scores + row * tokens, tokens, firstQuery.map { $0 + row + 1 } ?? tokens)
        }
    }

    /// Weighted values of `rows` queries into rows of `output`, `stride` apart.
    func context(_ rows: Int, _ kernel: ProductKernel, into output: UnsafeMutablePointer<Float>, stride: Int)
    {
        let depth = ProductFormat.fp32.paddedDepth(tokens)
        let steps = ProductFormat.fp32.stepCount(tokens)
        unsafe gemm_pack_tile(kernel.index, scores, tokens, Int32(rows), tokens, nil, tile, nil, nil)
        for column in panels(of: headWidth) {
            let panel = unsafe valuePanels + column * depth
            let columns = min(ProductKernel.panelColumns, headWidth - column)
            unsafe gemm_multiply(
                kernel.index, Int32(rows), Int32(columns), steps, tile, panel, sums, 0, panel)
            unsafe copySums(rows, columns, to: output + column, stride)
        }
    }

    private func copySums(_ rows: Int, _ columns: Int, to output: UnsafeMutablePointer<Float>, _ stride: Int)
    {
        for row in 0..<rows {
            unsafe (output + row * stride).update(
                from: sums + row * ProductKernel.panelColumns, count: columns)
        }
    }
}
