// SPDX-License-Identifier: MIT

/// A read-only row-major matrix inside a ``WeightArena``, which it keeps alive.
package struct ConstantMatrix: Sendable {
    let arena: WeightArena
    let offset: Int
    /// Number of rows; outputs of a linear map.
    package let rows: Int
    /// Number of columns; inputs of a linear map.
    package let columns: Int

    /// The matrix whose first element is element `offset` of `arena`.
    package init(_ arena: WeightArena, offset: Int, rows: Int, columns: Int) {
        precondition(
            offset >= 0 && rows >= 0 && columns > 0 && offset + rows * columns <= arena.capacity,
            "[\(rows), \(columns)] at \(offset) reaches outside of \(arena.capacity) weights")
        self.arena = arena
        self.offset = offset
        self.rows = rows
        self.columns = columns
    }

    /// First element.
    ///
    /// Safe inside this module: `init` checked that all elements lie inside the arena.
    var base: UnsafePointer<Float> { unsafe UnsafePointer(arena.base + offset) }

    /// One element, for tests and self-checks; kernels read rows.
    package subscript(row: Int, column: Int) -> Float {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns)
        // Safe: both indices were checked.
        return unsafe base[row * columns + column]
    }
}

/// A read-only vector inside a ``WeightArena``, which it keeps alive.
package struct ConstantVector: Sendable {
    let arena: WeightArena
    let offset: Int
    /// Number of elements.
    package let count: Int

    /// The vector whose first element is element `offset` of `arena`.
    package init(_ arena: WeightArena, offset: Int, count: Int) {
        precondition(
            offset >= 0 && count >= 0 && offset + count <= arena.capacity,
            "\(count) elements at \(offset) reach outside of \(arena.capacity) weights")
        self.arena = arena
        self.offset = offset
        self.count = count
    }

    /// First element.
    ///
    /// Safe inside this module: `init` checked that all elements lie inside the arena.
    var base: UnsafePointer<Float> { unsafe UnsafePointer(arena.base + offset) }

    /// One element, for tests and self-checks; kernels read all.
    package subscript(index: Int) -> Float {
        precondition(index >= 0 && index < count)
        // Safe: the index was checked.
        return unsafe base[index]
    }
}
