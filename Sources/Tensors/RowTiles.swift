// SPDX-License-Identifier: MIT

/// A number of rows cut into tiles of nearly equal height, so that no tile is mostly empty: 50 rows in tiles of at most
/// 13 are 12, 13, 12 and 13.
struct RowTiles {
    let rows: Int
    let count: Int

    init(rows: Int, largest: Int) {
        self.rows = rows
        count = (rows + largest - 1) / largest
    }

    /// Rows of tile `index`.
    subscript(index: Int) -> Range<Int> { rows * index / count..<rows * (index + 1) / count }
}
