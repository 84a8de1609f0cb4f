// SPDX-License-Identifier: MIT
internal import Tensors

/// Which map computes which heads' queries, keys and values, and in which columns they lie.
///
///     queries and keys of sharp heads | queries and keys of the others, values of all
///
/// The first map is rounded less than the second; either part may be empty, and without sharp heads the columns are
/// queries, keys and values of all heads, side by side.
struct AttentionProjections {
    /// Heads whose queries and keys the first map computes.
    let sharpHeads: [Int]
    /// The other heads.
    let otherHeads: [Int]
    /// Columns of a head.
    let headWidth: Int

    init(_ configuration: some EncoderConfiguration, sharpHeads: [Int]) {
        self.sharpHeads = sharpHeads
        otherHeads = (0..<configuration.headCount).filter { !sharpHeads.contains($0) }
        headWidth = configuration.width / configuration.headCount
    }

    private var width: Int { (sharpHeads.count + otherHeads.count) * headWidth }

    /// Outputs of the first map.
    var sharpWidth: Int { 2 * sharpHeads.count * headWidth }
    /// Outputs of the second map.
    var otherWidth: Int { 3 * width - sharpWidth }

    /// Outputs of the first map.
    var sharpBlocks: [RowBlock] { ["q_proj", "k_proj"].flatMap { blocks($0, of: sharpHeads) } }
    /// Outputs of the second map.
    var otherBlocks: [RowBlock] {
        ["q_proj", "k_proj"].flatMap { blocks($0, of: otherHeads) } + [
            RowBlock(place: "v_proj", rows: 0..<width)
        ]
    }

    private func blocks(_ place: String, of heads: [Int]) -> [RowBlock] {
        RangeSet(heads.map { $0 * headWidth..<($0 + 1) * headWidth }).ranges
            .map { RowBlock(place: place, rows: $0) }
    }

    /// Columns of all tokens' queries, keys and values.
    var columns: HeadColumns {
        HeadColumns(
            headWidth: headWidth, queries: places(sharpFrom: 0, othersFrom: sharpWidth), keys: keys,
            values: values)
    }

    /// Columns where queries are in a matrix of their own, without gaps: those of sharp heads, then the others.
    var columnsOfSeparateQueries: HeadColumns {
        HeadColumns(
            headWidth: headWidth, queries: places(sharpFrom: 0, othersFrom: sharpWidth / 2), keys: keys,
            values: values)
    }

    private var keys: [Int] {
        places(sharpFrom: sharpWidth / 2, othersFrom: sharpWidth + otherHeads.count * headWidth)
    }

    private var values: [Int] { (0..<sharpHeads.count + otherHeads.count).map { 2 * width + $0 * headWidth } }

    private func places(sharpFrom sharp: Int, othersFrom other: Int) -> [Int] {
        var places = [Int](repeating: 0, count: sharpHeads.count + otherHeads.count)
        for (index, head) in sharpHeads.enumerated() { places[head] = sharp + index * headWidth }
        for (index, head) in otherHeads.enumerated() { places[head] = other + index * headWidth }
        return places
    }
}
