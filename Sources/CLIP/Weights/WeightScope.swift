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
        try loader.matrix([self[name].path], rows: rows, shape: shape)
    }

    /// The weights `name` of a linear map, laid out for `kernel`, or for BLAS where it is nil.
    func weights(_ name: String, _ outputs: Int, _ inputs: Int, _ kernel: ProductKernel?) throws(WeightError)
        -> LinearWeights
    {
        try weights(name, outputs, [inputs], kernel)
    }

    /// The same of a tensor whose trailing dimensions `shape` fold into the inputs.
    func weights(_ name: String, _ outputs: Int, _ shape: [Int], _ kernel: ProductKernel?) throws(WeightError)
        -> LinearWeights
    {
        try loader.weights([self[name].path], outputs: outputs, shape: shape, kernel)
    }

    /// The weights `name` of several places, `outputs` each, as one linear map.
    func weights(
        _ name: String, of places: [String], _ outputs: Int, _ inputs: Int, _ kernel: ProductKernel?
    ) throws(WeightError) -> LinearWeights {
        try loader.weights(places.map { self[$0][name].path }, outputs: outputs, shape: [inputs], kernel)
    }

    /// The vector `name`, `[count]`.
    func vector(_ name: String, _ count: Int) throws(WeightError) -> ConstantVector {
        try loader.vector([self[name].path], count: count)
    }

    /// The vectors `name` of several places, one after the other.
    func vector(_ name: String, of places: [String], _ count: Int) throws(WeightError) -> ConstantVector {
        try loader.vector(places.map { self[$0][name].path }, count: count)
    }
}
