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

    /// The weights of a linear map: rows of tensors, each `[rows, shape…]`, one below the other; multiplied with
    /// factors by input and output, where a kernel rounds them.
    func weights(
        _ parts: [StoredRows], columns: Int, _ kernel: ProductKernel?, inputFactors: [Float]? = nil,
        outputFactors: [Float]? = nil
    ) throws(WeightError) -> LinearWeights {
        guard let kernel else { return .rowMajor(try matrix(parts, columns: columns)) }
        let rows = parts.reduce(0) { $0 + $1.rows.count }
        let words = PackedMatrix.wordCount(rows: rows, columns: columns, format: kernel.format)
        let matrix = PackedMatrix(
            arena, offset: try reserve(words), rows: rows, columns: columns, format: kernel.format)
        for panel in 0..<matrix.panelCount {
            pending.append(
                PendingPanel(
                    parts: parts, matrix: matrix, panel: panel, inputFactors: inputFactors,
                    outputFactors: outputFactors))
        }
        return .packed(matrix, kernel)
    }

    /// One matrix of rows of tensors, one below the other, trailing dimensions folded into `columns`.
    func matrix(_ parts: [StoredRows], columns: Int) throws(WeightError) -> ConstantMatrix {
        let rows = parts.reduce(0) { $0 + $1.rows.count }
        let offset = try reserve(rows * columns)
        request(parts, columns: columns, at: offset, factors: nil)
        return ConstantMatrix(arena, offset: offset, rows: rows, columns: columns)
    }

    /// One vector of elements of tensors, one after the other, multiplied with `factors`.
    func vector(_ parts: [StoredRows], factors: [Float]? = nil) throws(WeightError) -> ConstantVector {
        let count = parts.reduce(0) { $0 + $1.rows.count }
        let offset = try reserve(count)
        request(parts, columns: 1, at: offset, factors: factors)
        return ConstantVector(arena, offset: offset, count: count)
    }

    /// `values` themselves as a vector.
    func vector(_ values: [Float]) throws(WeightError) -> ConstantVector {
        let offset = try reserve(values.count)
        arena.fill(offset..<offset + values.count) { span in
            for index in values.indices { span[index] = values[index] }
        }
        return ConstantVector(arena, offset: offset, count: values.count)
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

    private func request(_ parts: [StoredRows], columns: Int, at offset: Int, factors: [Float]?) {
        for part in parts {
            let elements = part.rows.lowerBound * columns..<part.rows.upperBound * columns
            let target = offset + part.firstOutput * columns
            for start in stride(from: 0, to: elements.count, by: PendingElements.pieceLength) {
                let end = min(start + PendingElements.pieceLength, elements.count)
                pending.append(
                    PendingElements(
                        source: part.source,
                        elements: elements.lowerBound + start..<elements.lowerBound + end,
                        offset: target + start,
                        factors: factors.map {
                            Array($0[part.firstOutput + start..<part.firstOutput + end])
                        }))
            }
        }
    }

    /// The tensor `name` as it is in the file.
    func tensor(_ name: String, shape: [Int]) throws(WeightError) -> StoredTensor {
        try file.weights(name, shape: shape)
    }
}

extension SafetensorsFile {
    /// The tensor `name` of the shape and a type that weights must have.
    func weights(_ name: String, shape: [Int]) throws(WeightError) -> StoredTensor {
        guard contains(name) else { throw .missing(tensor: name) }
        let tensor: StoredTensor
        do throws(SafetensorsError) {
            tensor = try self.tensor(name)
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
