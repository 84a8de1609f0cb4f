// SPDX-License-Identifier: MIT
package import Tensors

extension Matrix {
    /// A matrix of the given elements, row after row.
    package init(_ elements: [Float], columns: Int) {
        self.init(rows: elements.count / columns, columns: columns)
        for index in elements.indices { self[index / columns, index % columns] = elements[index] }
    }

    /// All elements in use, row after row.
    package borrowing func allElements() -> [Float] {
        var elements: [Float] = []
        for row in 0..<rows { elements += self.elements(ofRow: row) }
        return elements
    }
}

extension ConstantMatrix {
    /// A constant matrix of the given elements, row after row.
    package init(_ elements: [Float], columns: Int) throws {
        let arena = try WeightArena.filled(with: elements)
        self.init(arena, offset: 0, rows: elements.count / columns, columns: columns)
    }
}

extension ConstantVector {
    /// A constant vector of the given elements.
    package init(_ elements: [Float]) throws {
        self.init(try WeightArena.filled(with: elements), offset: 0, count: elements.count)
    }
}

extension WeightArena {
    /// An arena that begins with `elements`.
    fileprivate static func filled(with elements: [Float]) throws -> WeightArena {
        let arena = try WeightArena(capacity: max(1, elements.count))
        arena.fill(0..<elements.count) { span in
            for index in elements.indices { span[index] = elements[index] }
        }
        return arena
    }
}
