// SPDX-License-Identifier: MIT
internal import Checkpoints
internal import Tensors

/// Brings the tensors of one tower from a file into one ``WeightArena``: weights of linear maps in the layout of the
/// arithmetic that multiplies by them, everything else in single precision.
///
/// Binding the layers only checks shapes and reserves places; `loadAll` then decodes and packs everything at once on all
/// members of a team, and gives each piece of the source back to the system after reading it, so that a
/// half-precision file is never resident beside its copy.
final class WeightLoader {
    private let file: SafetensorsFile
    private let arena: WeightArena
    private var preparations: [@Sendable () -> Void] = []
    private var pending: [any PendingWeights] = []

    init(_ file: SafetensorsFile, capacity: Int) throws(WeightError) {
        self.file = file
        do throws(WeightArenaError) {
            arena = try WeightArena(capacity: capacity)
        } catch {
            throw .outOfMemory(error.description)
        }
    }

    /// The weights of a linear map: the tensors `names`, each `[outputs, shape…]`, one below the other; multiplied with
    /// factors by input and output, where a kernel rounds them.
    func weights(
        _ names: [String], outputs: Int, shape: [Int], _ kernel: ProductKernel?,
        inputFactors: ChannelFactors? = nil, outputFactors: ChannelFactors? = nil
    ) throws(WeightError) -> LinearWeights {
        guard let kernel else { return .rowMajor(try matrix(names, rows: outputs, shape: shape)) }
        let (rows, columns) = (names.count * outputs, shape.reduce(1, *))
        let words = PackedMatrix.wordCount(rows: rows, columns: columns, format: kernel.format)
        let matrix = PackedMatrix(
            arena, offset: try reserve(words), rows: rows, columns: columns, format: kernel.format)
        var sources: [StoredTensor] = []
        for name in names { sources.append(try tensor(name, shape: [outputs] + shape)) }
        for panel in 0..<matrix.panelCount {
            pending.append(
                PendingPanel(
                    sources: sources, matrix: matrix, panel: panel, inputFactors: inputFactors,
                    outputFactors: outputFactors))
        }
        return .packed(matrix, kernel)
    }

    /// One matrix of the tensors `names`, stacked by rows; each must be `[rows, columns]`, trailing dimensions folded.
    func matrix(_ names: [String], rows: Int, shape: [Int]) throws(WeightError) -> ConstantMatrix {
        let columns = shape.reduce(1, *)
        let offset = try reserve(names.count * rows * columns)
        for (index, name) in names.enumerated() {
            try request(name, shape: [rows] + shape, at: offset + index * rows * columns)
        }
        return ConstantMatrix(arena, offset: offset, rows: names.count * rows, columns: columns)
    }

    /// One vector of the tensors `names`, one after the other; each must be `[count]`, and is multiplied with `factors`.
    func vector(_ names: [String], count: Int, factors: ChannelFactors? = nil) throws(WeightError)
        -> ConstantVector
    {
        let offset = try reserve(names.count * count)
        for (index, name) in names.enumerated() {
            try request(name, shape: [count], at: offset + index * count, factors)
        }
        return ConstantVector(arena, offset: offset, count: names.count * count)
    }

    /// `factors` themselves as a vector.
    func vector(_ factors: ChannelFactors, count: Int) throws(WeightError) -> ConstantVector {
        let offset = try reserve(count)
        pending.append(PendingFactors(factors: factors, range: offset..<offset + count))
        return ConstantVector(arena, offset: offset, count: count)
    }

    /// Has `scales` computed before anything is loaded.
    func prepare(_ scales: LayerScales) {
        preparations += [{ scales.computeAttention() }, { scales.computeMLP() }]
    }

    /// Loads everything requested so far; the weights handed out are valid from now on.
    func loadAll(with team: ThreadTeam) {
        let (preparations, pieces) = (self.preparations, pending)
        let arena = self.arena
        team.forEach(preparations.count) { index in preparations[index]() }
        team.forEach(pieces.count) { index in pieces[index].load(into: arena) }
        self.preparations = []
        pending = []
    }

    private func reserve(_ count: Int) throws(WeightError) -> Int {
        do throws(WeightArenaError) {
            return try arena.reserve(count)
        } catch {
            throw .outOfMemory(error.description)
        }
    }

    private func request(
        _ name: String, shape: [Int], at offset: Int, _ factors: ChannelFactors? = nil
    ) throws(WeightError) {
        let tensor = try tensor(name, shape: shape)
        for start in stride(from: 0, to: tensor.elementCount, by: PendingElements.pieceLength) {
            let end = min(start + PendingElements.pieceLength, tensor.elementCount)
            pending.append(
                PendingElements(source: tensor, offset: offset, elements: start..<end, factors: factors))
        }
    }

    /// The tensor `name` as it is in the file.
    func tensor(_ name: String, shape: [Int]) throws(WeightError) -> StoredTensor {
        guard file.contains(name) else { throw .missing(tensor: name) }
        let tensor: StoredTensor
        do throws(SafetensorsError) {
            tensor = try file.tensor(name)
        } catch {
            throw .unreadable(error.description)
        }
        guard tensor.shape == shape
        else { throw .unexpectedShape(tensor: name, expected: "\(shape)", found: tensor.shape) }
        guard tensor.elementType.isFloatingPoint
        else { throw .notFloatingPoint(tensor: name, found: tensor.elementType.safetensorsName) }
        return tensor
    }
}
