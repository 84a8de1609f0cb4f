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

    /// The matrices `name` of several places, stacked by rows.
    func matrix(_ name: String, of places: [String], _ rows: Int, _ columns: Int) throws(WeightError)
        -> ConstantMatrix
    {
        try loader.matrix(places.map { self[$0][name].path }, rows: rows, shape: [columns])
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
