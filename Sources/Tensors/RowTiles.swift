// SPDX-License-Identifier: MIT

/// A number of rows cut into tiles of nearly equal height, so that no tile is mostly empty: 50 rows in tiles of at most
/// 9 are 9, 9, 8, 8, 8 and 8.
struct RowTiles {
    let rows: Int
    let count: Int
    // Asked for in inner loops, where a division would show.
    private let height: Int
    private let taller: Int

    init(rows: Int, largest: Int) {
        self.rows = rows
        count = (rows + largest - 1) / largest
        height = count > 0 ? rows / count : 0
        taller = rows - height * count
    }

    /// Rows of tile `index`; the first tiles have one more than the others.
    subscript(index: Int) -> Range<Int> {
        let start = index * height + min(index, taller)
        return start..<start + height + (index < taller ? 1 : 0)
    }

    /// Tiles of block `index` when all tiles are shared out among `blockCount` blocks, at most as many as there are tiles.
    func tiles(ofBlock index: Int, of blockCount: Int) -> Range<Int> {
        count * index / blockCount..<count * (index + 1) / blockCount
    }
}
