// SPDX-License-Identifier: MIT
internal import Tensors

/// A place in the tree of published tensor names, for example `vision_model.encoder.layers.3.self_attn`.
struct WeightScope {
    private let loader: WeightLoader
    private let path: String

    init(_ loader: WeightLoader, path: String = "") {
        self.loader = loader
        self.path = path
    }

    subscript(name: String) -> WeightScope {
        WeightScope(loader, path: path.isEmpty ? name : "\(path).\(name)")
    }

    subscript(index: Int) -> WeightScope { self["\(index)"] }

    /// The matrix `name`, `[rows, shape…]` with the trailing dimensions folded into columns.
    func matrix(_ name: String, _ rows: Int, _ shape: Int...) throws(WeightError) -> ConstantMatrix {
        try loader.matrix([storedRows(name, [rows] + shape)], columns: shape.reduce(1, *))
    }

    /// The weights `name` of a linear map, `[outputs, shape…]`, laid out for `kernel`, or for BLAS where it is nil.
    func weights(
        _ name: String, _ outputs: Int, _ shape: [Int], _ kernel: ProductKernel?,
        inputFactors: [Float]? = nil, outputFactors: [Float]? = nil
    ) throws(WeightError) -> LinearWeights {
        try loader.weights(
            [storedRows(name, [outputs] + shape)], columns: shape.reduce(1, *), kernel,
            inputFactors: inputFactors,
            outputFactors: outputFactors)
    }

    /// Rows of the weights `name` of several places, `[outputs, inputs]` each, as one linear map.
    func weights(
        _ name: String, of blocks: [RowBlock], _ outputs: Int, _ inputs: Int, _ kernel: ProductKernel?,
        inputFactors: [Float]? = nil, outputFactors: [Float]? = nil
    ) throws(WeightError) -> LinearWeights {
        try loader.weights(
            storedRows(name, of: blocks, [outputs, inputs]), columns: inputs, kernel,
            inputFactors: inputFactors,
            outputFactors: outputFactors)
    }

    /// The vector `name`, `[count]`, multiplied with `factors`.
    func vector(_ name: String, _ count: Int, factors: [Float]? = nil) throws(WeightError) -> ConstantVector {
        try loader.vector([storedRows(name, [count])], factors: factors)
    }

    /// `values` themselves as a vector.
    func vector(_ values: [Float]) throws(WeightError) -> ConstantVector {
        try loader.vector(values)
    }

    /// Elements of the vectors `name` of several places, `[count]` each, one after the other.
    func vector(
        _ name: String, of blocks: [RowBlock], _ count: Int, factors: [Float]? = nil
    ) throws(WeightError) -> ConstantVector {
        try loader.vector(storedRows(name, of: blocks, [count]), factors: factors)
    }

    /// The tensor `name` as it is in the file.
    func tensor(_ name: String, _ shape: Int...) throws(WeightError) -> StoredTensor {
        try loader.tensor(self[name].path, shape: shape)
    }

    /// All rows of the tensor `name`.
    private func storedRows(_ name: String, _ shape: [Int]) throws(WeightError) -> StoredRows {
        StoredRows(
            source: try loader.tensor(self[name].path, shape: shape), rows: 0..<shape[0], firstOutput: 0)
    }

    /// The rows that `blocks` name of their tensors, each of `shape`.
    private func storedRows(_ name: String, of blocks: [RowBlock], _ shape: [Int]) throws(WeightError)
        -> [StoredRows]
    {
        var parts: [StoredRows] = []
        for block in blocks {
            parts.append(
                StoredRows(
                    source: try loader.tensor(self[block.place][name].path, shape: shape), rows: block.rows,
                    firstOutput: parts.last?.outputs.upperBound ?? 0))
        }
        return parts
    }
}
