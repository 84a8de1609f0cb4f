// SPDX-License-Identifier: MIT
internal import CGEMMKernels

/// The weights of a linear map, `[outputs, inputs]`, laid out for a ``ProductKernel`` inside a ``WeightArena``, which it
/// keeps alive.
///
/// A panel holds 48 outputs: their weights, and in integers also their 48 scales and 48 sums.
package struct PackedMatrix: Sendable {
    let arena: WeightArena
    let offset: Int
    /// Number of outputs.
    package let rows: Int
    /// Number of inputs.
    package let columns: Int
    /// What the weights were rounded to.
    package let format: ProductFormat

    /// A matrix whose panels begin at word `offset` of `arena` and are not filled yet.
    package init(_ arena: WeightArena, offset: Int, rows: Int, columns: Int, format: ProductFormat) {
        let words = Self.wordCount(rows: rows, columns: columns, format: format)
        precondition(
            offset >= 0 && rows > 0 && columns > 0 && offset + words <= arena.capacity,
            "\(words) words at \(offset) reach outside of \(arena.capacity)")
        self.arena = arena
        self.offset = offset
        self.rows = rows
        self.columns = columns
        self.format = format
    }

    /// Words of 4 bytes that a matrix takes.
    package static func wordCount(rows: Int, columns: Int, format: ProductFormat) -> Int {
        panelCount(rows) * panelWords(columns: columns, format: format)
    }

    /// Panels of a matrix with `rows` outputs.
    static func panelCount(_ rows: Int) -> Int {
        (rows + ProductKernel.panelColumns - 1) / ProductKernel.panelColumns
    }

    private static func panelWords(columns: Int, format: ProductFormat) -> Int {
        weightWords(columns: columns, format: format)
            + (format.isInteger ? 2 * ProductKernel.panelColumns : 0)
    }

    private static func weightWords(columns: Int, format: ProductFormat) -> Int {
        format.stepCount(columns) * ProductKernel.stepBytes / MemoryLayout<Float>.stride
    }

    /// Number of panels.
    package var panelCount: Int { Self.panelCount(rows) }

    /// Outputs of panel `index`: 48, fewer in the last.
    package func outputs(ofPanel index: Int) -> Range<Int> {
        let start = index * ProductKernel.panelColumns
        return start..<min(start + ProductKernel.panelColumns, rows)
    }

    /// Rounds and lays out the weights of one panel's outputs, `[outputs, inputs]` without gaps.
    ///
    /// Called by loading code before the matrix is shared; panels may be filled by different threads.
    package func pack(_ weights: Span<Float>, asPanel index: Int) {
        let outputs = outputs(ofPanel: index)
        precondition(
            index >= 0 && !outputs.isEmpty && weights.count == outputs.count * columns,
            "\(weights.count) weights for panel \(index) of [\(rows), \(columns)]")
        let panel = unsafe mutablePanel(index)
        let scales = unsafe panel + Self.weightWords(columns: columns, format: format)
        let sums = unsafe UnsafeMutableRawPointer(scales + ProductKernel.panelColumns)
        // Safe: `init` checked that all panels lie inside the arena, the last two pointers are used in integers only,
        // where a panel has room for them, and the source holds as many weights as were checked.
        unsafe weights.withUnsafeBufferPointer { source in
            unsafe gemm_pack_panel(
                format.code, source.baseAddress, columns, Int32(outputs.count), columns, panel,
                format.isInteger ? scales : nil,
                format.isInteger ? sums.assumingMemoryBound(to: Int32.self) : nil)
        }
    }

    /// Beginning of panel `index`.
    ///
    /// Safe inside this module: `init` checked that all panels lie inside the arena.
    func panel(_ index: Int) -> UnsafePointer<Float> { unsafe UnsafePointer(mutablePanel(index)) }

    /// Scales of the outputs of panel `index`, in integers.
    func scales(ofPanel index: Int) -> UnsafePointer<Float> {
        unsafe panel(index) + Self.weightWords(columns: columns, format: format)
    }

    /// Sums of the rounded weights of the outputs of panel `index`, in integers.
    func sums(ofPanel index: Int) -> UnsafePointer<Int32> {
        // Safe: written as integers by `pack`, and never read as anything else.
        unsafe UnsafeRawPointer(scales(ofPanel: index) + ProductKernel.panelColumns)
            .assumingMemoryBound(to: Int32.self)
    }

    private func mutablePanel(_ index: Int) -> UnsafeMutablePointer<Float> {
        unsafe arena.base + offset + index * Self.panelWords(columns: columns, format: format)
    }
}
