// SPDX-License-Identifier: MIT
internal import Tensors

/// Rows of a stored matrix, or elements of a stored vector, that become outputs of a map one below the other.
struct StoredRows: Sendable {
    let source: StoredTensor
    let rows: Range<Int>
    /// The output that the first of them becomes.
    let firstOutput: Int

    /// The outputs that the rows become.
    var outputs: Range<Int> { firstOutput..<firstOutput + rows.count }
}

/// A piece of the weights whose place in the arena is reserved, to be loaded by one thread.
protocol PendingWeights: Sendable {
    func load(into arena: WeightArena)
}

/// Elements of a tensor that stay row-major in single precision.
struct PendingElements: PendingWeights {
    /// Elements of a piece: enough to amortise the hand-over, few enough to balance.
    static let pieceLength = 1 << 18

    let source: StoredTensor
    let elements: Range<Int>
    /// Word of the arena that the first of them goes to.
    let offset: Int
    /// What each of them is multiplied with; nil for nothing.
    let factors: [Float]?

    func load(into arena: WeightArena) {
        arena.fill(offset..<offset + elements.count) { span in
            source.decode(into: &span, elements: elements)
            if let factors { scale(&span, by: factors.span) }
        }
        source.discardPages(ofElements: elements)
    }
}

/// One panel of a linear map whose outputs are the rows of `parts`, one below the other.
struct PendingPanel: PendingWeights {
    let parts: [StoredRows]
    let matrix: PackedMatrix
    let panel: Int
    /// What the weights of each input are multiplied with.
    let inputFactors: [Float]?
    /// What the weights of each output are multiplied with.
    let outputFactors: [Float]?

    func load(into arena: WeightArena) {
        let outputs = matrix.outputs(ofPanel: panel)
        let columns = matrix.columns
        var weights = [Float](repeating: 0, count: outputs.count * columns)
        for part in parts {
            let wanted = part.outputs.clamped(to: outputs)
            guard !wanted.isEmpty else { continue }
            let firstRow = part.rows.lowerBound + wanted.lowerBound - part.firstOutput
            let elements = firstRow * columns..<(firstRow + wanted.count) * columns
            let start = (wanted.lowerBound - outputs.lowerBound) * columns
            var all = weights.mutableSpan
            var span = all._mutatingExtracting(start..<start + elements.count)
            part.source.decode(into: &span, elements: elements)
            part.source.discardPages(ofElements: elements)
        }
        if inputFactors != nil || outputFactors != nil { multiply(&weights, outputs) }
        matrix.pack(weights.span, asPanel: panel)
    }

    private func multiply(_ weights: inout [Float], _ outputs: Range<Int>) {
        let columns = matrix.columns
        let inputs = inputFactors ?? [Float](repeating: 1, count: columns)
        for output in outputs {
            let row = outputFactors.map { factors in inputs.map { $0 * factors[output] } } ?? inputs
            let start = (output - outputs.lowerBound) * columns
            var all = weights.mutableSpan
            var span = all._mutatingExtracting(start..<start + columns)
            scale(&span, by: row.span)
        }
    }
}

extension StoredTensor {
    /// Gives the pages of `elements` back to the system; they are read again from the file when needed.
    func discardPages(ofElements elements: Range<Int>) {
        guard isContiguous else { return }
        let size = elementType.byteCount
        bytes[elements.lowerBound * size..<elements.upperBound * size].discardPages()
    }
}
