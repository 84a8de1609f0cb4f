// SPDX-License-Identifier: MIT

/// A number of rows cut into tiles of nearly equal height, so that no tile is mostly empty: 50 rows in tiles of at most
/// 9 are 8, 8, 9, 8, 8 and 9.
struct RowTiles {
    let rows: Int
    let count: Int

    init(rows: Int, largest: Int) {
        self.rows = rows
        count = (rows + largest - 1) / largest
    }

    /// Rows of tile `index`.
    subscript(index: Int) -> Range<Int> { rows * index / count..<rows * (index + 1) / count }

    /// Tiles of block `index` when all tiles are shared out among `blockCount` blocks, at most as many as there are tiles.
    func tiles(ofBlock index: Int, of blockCount: Int) -> Range<Int> {
        count * index / blockCount..<count * (index + 1) / blockCount
    }
}
