// SPDX-License-Identifier: MIT
internal import Tensors

/// Samples of a camera's vectors that have nothing to do with the order in which they came.
enum BackgroundSamples {
    /// Rows of a sample, enough for 2,016 pairs.
    static let pictureCount = 64
    /// Rows that words are compared with.
    static let textCount = 256

    /// The places of up to `count` rows of a camera: those whose sequence has the smallest hash.
    ///
    /// - Complexity: O(rows of the space)
    static func places(of camera: Int32, count: Int, in space: VectorSpace) -> [VectorSpace.Place] {
        var best: [(hash: UInt64, place: VectorSpace.Place)] = []
        var worst = UInt64.max
        for (number, chunk) in space.chunks.enumerated() {
            for row in 0..<chunk.count where chunk.cameras[row] == camera && chunk.isLive[row] {
                let hash = hash(chunk.sequences[row])
                guard best.count < 2 * count || hash < worst else { continue }
                best.append((hash, VectorSpace.Place(chunk: Int32(number), row: Int32(row))))
                if best.count >= 4 * count { worst = keepBest(2 * count, of: &best) }
            }
        }
        _ = keepBest(count, of: &best)
        return best.map(\.place)
    }

    /// The cosines of unrelated pairs of a camera's pictures.
    static func pairs(of camera: Int32, in space: VectorSpace) -> CosineBackground {
        let rows = places(of: camera, count: pictureCount, in: space).compactMap { place in
            space.chunks[Int(place.chunk)].block.values(of: Int(place.row)).flatMap(unit)
        }
        return CosineBackground(pairsOf: rows)
    }

    /// The cosines of a query with a sample of a camera's pictures.
    static func cosines(of query: VectorQuery, camera: Int32, in space: VectorSpace) -> CosineBackground {
        CosineBackground(
            places(of: camera, count: textCount, in: space).compactMap { place in
                space.chunks[Int(place.chunk)].block.cosine(of: Int(place.row), query)
            })
    }

    private static func keepBest(
        _ count: Int, of rows: inout [(hash: UInt64, place: VectorSpace.Place)]
    ) -> UInt64 {
        rows.sort { $0.hash < $1.hash }
        if rows.count > count { rows.removeSubrange(count...) }
        return rows.last?.hash ?? .max
    }

    private static func unit(_ values: [Float]) -> [Float]? {
        let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return norm > 0 ? values.map { Float(Double($0) / norm) } : nil
    }

    /// The finalizer of SplitMix64, which makes unrelated numbers of neighbours.
    ///
    /// Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014.
    private static func hash(_ sequence: Int64) -> UInt64 {
        var z = UInt64(bitPattern: sequence) &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
