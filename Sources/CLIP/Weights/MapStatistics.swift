// SPDX-License-Identifier: MIT
internal import Tensors

/// What a linear map's weights say about its activations: how loud its inputs are read, and how large its outputs are.
struct MapStatistics {
    /// Sums of the squared weights by input, one row for each group of outputs.
    private let squares: [[Float]]
    private let outputsPerGroup: Int
    /// Mean and variance of each output.
    let outputs: [(mean: Double, variance: Double)]

    /// Reads a map once.
    ///
    /// - Parameters:
    ///   - weight: `[outputs, inputs]`.
    ///   - bias: `[outputs]`; nil for none.
    ///   - norm: The LayerNorm whose output the map reads; nil where the outputs are not asked for.
    ///   - groupCount: Groups of outputs, one below the other, for `inputMeanSquares`; divides the outputs.
    init(
        _ weight: StoredTensor, bias: StoredTensor? = nil, after norm: LayerNormTensors?, groupCount: Int = 1
    ) {
        let (rows, columns) = (weight.shape[0], weight.shape[1])
        let gains = norm?.gain.decoded().map { $0 * $0 } ?? []
        let shifts = norm?.bias.decoded() ?? []
        let biases = bias?.decoded() ?? [Float](repeating: 0, count: rows)
        outputsPerGroup = rows / groupCount
        var squares = [[Float]](repeating: [Float](repeating: 0, count: columns), count: groupCount)
        var outputs: [(mean: Double, variance: Double)] = []
        var row = [Float](repeating: 0, count: columns)
        for index in 0..<rows {
            var span = row.mutableSpan
            weight.decode(into: &span, elements: index * columns..<(index + 1) * columns)
            var target = squares[index / outputsPerGroup].mutableSpan
            addSquares(of: row.span, to: &target)
            if index % 64 == 63 || index == rows - 1 {
                weight.discardPages(ofElements: index / 64 * 64 * columns..<(index + 1) * columns)
            }
            guard norm != nil else { continue }
            let sum = weightedSums(of: row.span, squares: gains.span, shifts: shifts.span)
            outputs.append((sum.shift + Double(biases[index]), sum.square))
        }
        self.squares = squares
        self.outputs = outputs
    }

    /// Mean squares of the weights by input, over the outputs of `groups`; all of them where nil.
    func inputMeanSquares(ofGroups groups: [Int]? = nil) -> [Double] {
        let chosen = groups.map { $0.map { squares[$0] } } ?? squares
        return chosen[0].indices.map { input in
            chosen.reduce(0) { $0 + Double($1[input]) } / Double(chosen.count * outputsPerGroup)
        }
    }
}
