// SPDX-License-Identifier: MIT

/// Copies every `step`-th row of `x`, beginning with row 0, into consecutive rows of `y`.
///
/// With `step` the number of tokens this gathers the class tokens of a batch.
package func gatherRows(_ x: borrowing Matrix, every step: Int, into y: inout Matrix) {
    precondition(step > 0 && x.rows % step == 0, "\(x.rows) rows in steps of \(step)")
    precondition(x.columns == y.columns, "output is \(y.shape), input \(x.shape)")
    y.useRows(x.rows / step)
    for row in 0..<y.rows {
        // Safe: both rows lie inside their matrices, which are different ones.
        unsafe (y.base + row * y.columns).update(from: x.base + row * step * x.columns, count: x.columns)
    }
}

/// Fills `x` with `copies` copies of `table`, one below the other.
package func repeatRows(_ table: ConstantMatrix, copies: Int, into x: inout Matrix) {
    precondition(table.columns == x.columns, "output is \(x.shape), table has \(table.columns) columns")
    x.useRows(copies * table.rows)
    for copy in 0..<copies {
        // Safe: useRows checked that all copies fit.
        unsafe (x.base + copy * table.rows * x.columns).update(
            from: table.base, count: table.rows * x.columns)
    }
}

/// Sets all elements of one row to zero.
package func clearRow(_ row: Int, of x: inout Matrix) {
    precondition(row >= 0 && row < x.rows, "row \(row) of \(x.shape)")
    // Safe: the row was checked.
    unsafe (x.base + row * x.columns).update(repeating: 0, count: x.columns)
}

/// Adds `row` to every `step`-th row of `x`, beginning with row 0.
package func addRow(_ row: ConstantVector, toEvery step: Int, of x: inout Matrix) {
    precondition(step > 0 && row.count == x.columns, "a row of \(row.count) for \(x.shape)")
    for index in stride(from: 0, to: x.rows, by: step) {
        for column in 0..<x.columns {
            // Safe: the row index is below `rows`, and both have `columns` elements.
            unsafe x.base[index * x.columns + column] += row.base[column]
        }
    }
}

/// Copies the last row of `x` into `y`, `[1, columns]`.
package func copyLastRow(of x: borrowing Matrix, into y: inout Matrix) {
    precondition(x.rows > 0 && x.columns == y.columns, "output is \(y.shape), input \(x.shape)")
    y.useRows(1)
    // Safe: both rows lie inside their matrices, which are different ones.
    unsafe y.base.update(from: x.base + (x.rows - 1) * x.columns, count: x.columns)
}

/// Writes row `ids[i]` of `table` plus row i of `positions` into row i of `x`.
///
/// Only the rows used are decoded.
///
/// - Precondition: Every id is a row of the table, and there are no more of them than positions.
package func embedTokens(
    _ ids: [Int], _ table: StoredTensor, _ positions: ConstantMatrix, into x: inout Matrix
) {
    precondition(
        ids.count <= positions.rows && positions.columns == x.columns,
        "\(ids.count) tokens with positions [\(positions.rows), \(positions.columns)] for \(x.shape)")
    precondition(
        table.shape.count == 2 && table.shape[1] == x.columns
            && ids.allSatisfy((0..<table.shape[0]).contains),
        "a token outside of the table \(table.shape)")
    x.useRows(ids.count)
    for (row, id) in ids.enumerated() {
        // Safe: the row lies inside the matrix, which is held inout.
        var target = unsafe MutableSpan(_unsafeStart: x.base + row * x.columns, count: x.columns)
        table.decode(into: &target, elements: id * x.columns..<(id + 1) * x.columns)
        for column in 0..<x.columns {
            // Safe: the number of positions and their width were checked.
            unsafe x.base[row * x.columns + column] += positions.base[row * x.columns + column]
        }
    }
}
