// SPDX-License-Identifier: MIT
internal import Checkpoints
internal import Tensors

/// Brings the tensors of one tower from a file into one ``WeightArena``, in single precision.
///
/// Binding the layers only checks shapes and reserves places; `decodeAll` then decodes everything at once on all
/// members of a team, and gives each piece of the source back to the system after reading it, so that a
/// half-precision file is never resident beside its single-precision copy.
final class WeightLoader {
    private let file: SafetensorsFile
    private let arena: WeightArena
    private var pending: [PendingTensor] = []

    init(_ file: SafetensorsFile, capacity: Int) throws(WeightError) {
        self.file = file
        do throws(WeightArenaError) {
            arena = try WeightArena(capacity: capacity)
        } catch {
            throw .outOfMemory(error.description)
        }
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

    /// Decodes every tensor requested so far; the matrices and vectors handed out are valid from now on.
    func decodeAll(with team: ThreadTeam) {
        let pieces = pending.flatMap { $0.pieces }
        let arena = self.arena
        team.forEach(pieces.count) { index in pieces[index].decode(into: arena) }
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
        pending.append(PendingTensor(source: tensor, offset: offset))
    }
}

/// A tensor whose place in the arena is reserved.
private struct PendingTensor {
    let source: StoredTensor
    let offset: Int

    /// Elements decoded by one member at a time: large enough to amortise the hand-over, small enough to balance.
    private static let pieceLength = 1 << 18

    var pieces: [Piece] {
        stride(from: 0, to: source.elementCount, by: Self.pieceLength).map { start in
            Piece(
                source: source, offset: offset,
                elements: start..<min(start + Self.pieceLength, source.elementCount))
        }
    }

    struct Piece: Sendable {
        let source: StoredTensor
        let offset: Int
        let elements: Range<Int>

        func decode(into arena: WeightArena) {
            arena.fill(offset + elements.lowerBound..<offset + elements.upperBound) { span in
                source.decode(into: &span, elements: elements)
            }
            let size = source.elementType.byteCount
            source.bytes[elements.lowerBound * size..<elements.upperBound * size].discardPages()
        }
    }
}
