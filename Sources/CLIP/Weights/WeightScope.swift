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

    /// The weights `name` of a linear map, `[outputs, shape…]`, laid out for `kernel`, or for BLAS where it is nil.
    func weights(
        _ name: String, _ outputs: Int, _ shape: [Int], _ kernel: ProductKernel?,
        inputFactors: ChannelFactors? = nil, outputFactors: ChannelFactors? = nil
    ) throws(WeightError) -> LinearWeights {
        try loader.weights(
            [self[name].path], outputs: outputs, shape: shape, kernel, inputFactors: inputFactors,
            outputFactors: outputFactors)
    }

    /// The weights `name` of several places, `outputs` each, as one linear map.
    func weights(
        _ name: String, of places: [String], _ outputs: Int, _ inputs: Int, _ kernel: ProductKernel?,
        inputFactors: ChannelFactors? = nil
    ) throws(WeightError) -> LinearWeights {
        try loader.weights(
            places.map { self[$0][name].path }, outputs: outputs, shape: [inputs], kernel,
            inputFactors: inputFactors)
    }

    /// The vector `name`, `[count]`, multiplied with `factors`.
    func vector(_ name: String, _ count: Int, factors: ChannelFactors? = nil) throws(WeightError)
        -> ConstantVector
    {
        try loader.vector([self[name].path], count: count, factors: factors)
    }

    /// `factors` themselves as a vector.
    func vector(_ factors: ChannelFactors, _ count: Int) throws(WeightError) -> ConstantVector {
        try loader.vector(factors, count: count)
    }

    /// The vectors `name` of several places, one after the other.
    func vector(_ name: String, of places: [String], _ count: Int) throws(WeightError) -> ConstantVector {
        try loader.vector(places.map { self[$0][name].path }, count: count)
    }

    /// The tensor `name` as it is in the file.
    func tensor(_ name: String, _ shape: Int...) throws(WeightError) -> StoredTensor {
        try loader.tensor(self[name].path, shape: shape)
    }

    /// Has `scales` computed before anything is loaded.
    func prepare(_ scales: LayerScales) { loader.prepare(scales) }
}
