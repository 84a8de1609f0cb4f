// SPDX-License-Identifier: MIT

/// A row-major matrix of single-precision numbers that owns its storage.
///
/// The storage is made once for `rowCapacity` rows and never moves; `rows` says how many of them are in use, so
/// one matrix serves batches of any size up to its capacity without allocating. Rows follow each other without
/// padding and the first one starts on a 64-byte boundary.
///
/// Kernels of this module are the only code that sees the pointer.
@safe package struct Matrix: ~Copyable {
    /// Number of rows the storage holds.
    package let rowCapacity: Int
    /// Number of elements in a row.
    package let columns: Int
    /// Number of rows in use, 0…`rowCapacity`.
    package private(set) var rows: Int

    let base: UnsafeMutablePointer<Float>

    /// Makes a matrix of zeros with all its rows in use.
    ///
    /// - Complexity: O(`rowCapacity` · `columns`), one allocation.
    package init(rows rowCapacity: Int, columns: Int) {
        precondition(rowCapacity >= 0 && columns > 0, "a matrix cannot be [\(rowCapacity), \(columns)]")
        let (count, overflow) = rowCapacity.multipliedReportingOverflow(by: columns)
        precondition(!overflow, "a matrix of [\(rowCapacity), \(columns)] has too many elements")
        self.rowCapacity = rowCapacity
        self.columns = columns
        self.rows = rowCapacity
        let storage = unsafe HugePages.allocate(byteCount: Swift.max(count, 1) * MemoryLayout<Float>.stride)
        unsafe base = storage.bindMemory(to: Float.self, capacity: Swift.max(count, 1))
        unsafe base.initialize(repeating: 0, count: Swift.max(count, 1))
    }

    deinit {
        unsafe base.deallocate()
    }

    /// Number of elements in use.
    package var count: Int { rows * columns }

    /// The shape as people write it.
    package var shape: String { "[\(rows), \(columns)]" }

    /// Takes the first `count` rows into use; their contents stay as they were.
    package mutating func useRows(_ count: Int) {
        precondition(count >= 0 && count <= rowCapacity, "\(count) rows do not fit into \(rowCapacity)")
        rows = count
    }

    /// One element.
    package subscript(row: Int, column: Int) -> Float {
        get {
            precondition(
                row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(shape)")
            // Safe: both indices were checked.
            return unsafe base[row * columns + column]
        }
        set {
            precondition(
                row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(shape)")
            // Safe: both indices were checked.
            unsafe base[row * columns + column] = newValue
        }
    }
}

// A matrix has one owner, so moving it to another thread moves the only access to its storage with it. Kernels
// that share the storage among the members of a ThreadTeam do so inside one call that holds the matrix inout.
extension Matrix: @unchecked @unsafe Sendable {}

extension Matrix {
    /// A copy of one row.
    package borrowing func elements(ofRow row: Int) -> [Float] {
        precondition(row >= 0 && row < rows, "row \(row) of \(shape)")
        // Safe: the row was checked.
        return unsafe Array(UnsafeBufferPointer(start: base + row * columns, count: columns))
    }
}
