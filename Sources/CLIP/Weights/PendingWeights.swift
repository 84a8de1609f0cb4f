// SPDX-License-Identifier: MIT
internal import Tensors

/// A piece of the weights whose place in the arena is reserved, to be loaded by one thread.
protocol PendingWeights: Sendable {
    func load(into arena: WeightArena)
}

/// Elements of a tensor that stay row-major in single precision.
struct PendingElements: PendingWeights {
    /// Elements of a piece: enough to amortise the hand-over, few enough to balance.
    static let pieceLength = 1 << 18

    let source: StoredTensor
    /// Word of the arena that element 0 goes to.
    let offset: Int
    let elements: Range<Int>
    /// What each element of a vector is multiplied with.
    let factors: ChannelFactors?

    func load(into arena: WeightArena) {
        arena.fill(offset + elements.lowerBound..<offset + elements.upperBound) { span in
            source.decode(into: &span, elements: elements)
            if let factors { scale(&span, by: factors.values.span.extracting(elements)) }
        }
        source.discardPages(ofElements: elements)
    }
}

/// One panel of a linear map whose outputs are the rows of `sources`, one below the other.
struct PendingPanel: PendingWeights {
    let sources: [StoredTensor]
    let matrix: PackedMatrix
    let panel: Int
    /// What the weights of each input are multiplied with.
    let inputFactors: ChannelFactors?
    /// What the weights of each output are multiplied with.
    let outputFactors: ChannelFactors?

    func load(into arena: WeightArena) {
        let outputs = matrix.outputs(ofPanel: panel)
        let columns = matrix.columns
        let rows = matrix.rows / sources.count
        var weights = [Float](repeating: 0, count: outputs.count * columns)
        var first = outputs.lowerBound
        while first < outputs.upperBound {
            let source = sources[first / rows]
            let last = min(outputs.upperBound, (first / rows + 1) * rows)
            let elements = first % rows * columns..<(first % rows + last - first) * columns
            var all = weights.mutableSpan
            var span = all._mutatingExtracting(
                (first - outputs.lowerBound) * columns..<(last - outputs.lowerBound) * columns)
            source.decode(into: &span, elements: elements)
            source.discardPages(ofElements: elements)
            first = last
        }
        if inputFactors != nil || outputFactors != nil { multiply(&weights, outputs) }
        matrix.pack(weights.span, asPanel: panel)
    }

    private func multiply(_ weights: inout [Float], _ outputs: Range<Int>) {
        let columns = matrix.columns
        let inputs = inputFactors?.values ?? [Float](repeating: 1, count: columns)
        let rows = outputFactors?.values
        for output in outputs {
            let row = rows.map { factors in inputs.map { $0 * factors[output] } } ?? inputs
            let start = (output - outputs.lowerBound) * columns
            var all = weights.mutableSpan
            var span = all._mutatingExtracting(start..<start + columns)
            scale(&span, by: row.span)
        }
    }
}

/// Factors that activations are multiplied with, as a vector of their own.
struct PendingFactors: PendingWeights {
    let factors: ChannelFactors
    /// Words of the arena that they go to.
    let range: Range<Int>

    func load(into arena: WeightArena) {
        arena.fill(range) { span in
            let values = factors.values
            for index in 0..<span.count { span[index] = values[index] }
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
