// SPDX-License-Identifier: MIT

/// Patch filters of the stand-in image tower: random mixtures of a few colour and shape bases.
///
/// A basis is one of three colour directions (light, red against green, blue against yellow) times one of
/// six Walsh patterns of order up to two on a 4 × 4 grid (constant, halves, stripes, checkers). The gains
/// were found by trying them on the sample scenes: with a weak constant pattern neighbours are found by
/// what stands in the picture, with a strong one by its average colour.
struct StandInPatchFilters: Sendable {
    private static let colors: [[Float]] = [
        [0.4375, 0.4375, 0.4375], [1.625, -1.625, 0], [-0.875, -0.875, 1.75],
    ]
    private static let walsh: [[Float]] = [[1, 1, 1, 1], [1, 1, -1, -1], [1, -1, -1, 1]]
    private static let orders = [(0, 0), (0, 1), (1, 0), (0, 2), (1, 1), (2, 0)]
    private static let gainByOrder: [Float] = [0.25, 1, 1]

    let width: Int
    let patchSize: Int
    let coefficients: CounterNormals

    /// One output channel, `[3, patchSize, patchSize]`.
    func filter(_ channel: Int) -> [Float] {
        let blocks = blocks(channel)
        let quarter = patchSize / 4
        let area = Float(patchSize * patchSize)
        let loudness: Float = channel < StandInBands.lookCount(width: width) ? 1 : 0.125
        var values: [Float] = []
        values.reserveCapacity(3 * patchSize * patchSize)
        for color in 0..<3 {
            for y in 0..<patchSize {
                for x in 0..<patchSize {
                    values.append(loudness * blocks[(color * 4 + y / quarter) * 4 + x / quarter] / area)
                }
            }
        }
        return values
    }

    /// The same on the 4 × 4 grid, `[3, 4, 4]`.
    private func blocks(_ channel: Int) -> [Float] {
        var blocks = [Float](repeating: 0, count: 48)
        for (index, order) in Self.orders.enumerated() {
            for direction in 0..<3 {
                let normal = coefficients[(channel * 6 + index) * 3 + direction]
                let strength = normal * Self.gainByOrder[order.0 + order.1]
                for block in 0..<48 {
                    let shape = Self.walsh[order.0][block / 4 % 4] * Self.walsh[order.1][block % 4]
                    blocks[block] += strength * Self.colors[direction][block / 16] * shape
                }
            }
        }
        return blocks
    }
}
