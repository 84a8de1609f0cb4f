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
    private var pending: [any PendingWeights] = []

    init(_ file: SafetensorsFile, capacity: Int) throws(WeightError) {
        self.file = file
        do throws(WeightArenaError) {
            arena = try WeightArena(capacity: capacity)
        } catch {
            throw .outOfMemory(error.description)
        }
    }

    /// The weights of a linear map: the tensors `names`, each `[outputs, shape…]`, one below the other.
    func weights(
        _ names: [String], outputs: Int, shape: [Int], _ kernel: ProductKernel?
    ) throws(WeightError) -> LinearWeights {
        guard let kernel else { return .rowMajor(try matrix(names, rows: outputs, shape: shape)) }
        let (rows, columns) = (names.count * outputs, shape.reduce(1, *))
        let words = PackedMatrix.wordCount(rows: rows, columns: columns, precision: kernel.precision)
        let matrix = PackedMatrix(
            arena, offset: try reserve(words), rows: rows, columns: columns, precision: kernel.precision)
        var sources: [StoredTensor] = []
        for name in names { sources.append(try tensor(name, shape: [outputs] + shape)) }
        for panel in 0..<matrix.panelCount {
            pending.append(PendingPanel(sources: sources, matrix: matrix, panel: panel))
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

    /// One vector of the tensors `names`, one after the other; each must be `[count]`.
    func vector(_ names: [String], count: Int) throws(WeightError) -> ConstantVector {
        let offset = try reserve(names.count * count)
        for (index, name) in names.enumerated() {
            try request(name, shape: [count], at: offset + index * count)
        }
        return ConstantVector(arena, offset: offset, count: names.count * count)
    }

    /// Loads everything requested so far; the weights handed out are valid from now on.
    func loadAll(with team: ThreadTeam) {
        let pieces = pending
        let arena = self.arena
        team.forEach(pieces.count) { index in pieces[index].load(into: arena) }
        pending = []
    }

    private func reserve(_ count: Int) throws(WeightError) -> Int {
        do throws(WeightArenaError) {
            return try arena.reserve(count)
        } catch {
            throw .outOfMemory(error.description)
        }
    }

    private func request(_ name: String, shape: [Int], at offset: Int) throws(WeightError) {
        let tensor = try tensor(name, shape: shape)
        for start in stride(from: 0, to: tensor.elementCount, by: PendingElements.pieceLength) {
            let end = min(start + PendingElements.pieceLength, tensor.elementCount)
            pending.append(PendingElements(source: tensor, offset: offset, elements: start..<end))
        }
    }

    private func tensor(_ name: String, shape: [Int]) throws(WeightError) -> StoredTensor {
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
