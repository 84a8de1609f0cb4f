// SPDX-License-Identifier: MIT
internal import Tensors

/// Samples of a camera's vectors that have nothing to do with the order in which they came.
enum BackgroundSamples {
    /// Rows of a sample, enough for 2,016 pairs.
    static let pictureCount = 64
    /// Rows that words are compared with.
    static let textCount = 256

    /// The rows with the smallest hashes of their sequences, of one camera.
    private struct Sample {
        var best: [(hash: UInt64, place: VectorSpace.Place)] = []
        var worst = UInt64.max

        mutating func add(_ hash: UInt64, _ place: VectorSpace.Place, _ count: Int) {
            guard best.count < 2 * count || hash < worst else { return }
            best.append((hash, place))
            if best.count >= 4 * count { worst = BackgroundSamples.keepBest(2 * count, of: &best) }
        }
    }

    /// For each camera the places of up to `count` rows: those whose sequence has the smallest hash.
    ///
    /// - Complexity: O(rows of the space), however many cameras
    static func places(
        of cameras: Set<Int32>, count: Int, in space: VectorSpace
    ) -> [Int32: [VectorSpace.Place]] {
        guard let largest = cameras.max() else { return [:] }
        // By the camera's number: a dictionary would be asked a million times.
        var samples = (0...Int(max(0, largest))).map { cameras.contains(Int32($0)) ? Sample() : nil }
        for (number, chunk) in space.chunks.enumerated() {
            for row in 0..<chunk.count {
                let camera = Int(chunk.cameras[row])
                guard camera < samples.count, samples[camera] != nil, chunk.isLive[row] else { continue }
                let place = VectorSpace.Place(chunk: Int32(number), row: Int32(row))
                samples[camera]?.add(hash(chunk.sequences[row]), place, count)
            }
        }
        var places: [Int32: [VectorSpace.Place]] = [:]
        for camera in cameras {
            guard var best = samples[Int(camera)]?.best else { continue }
            _ = keepBest(count, of: &best)
            places[camera] = best.map(\.place)
        }
        return places
    }

    /// The cosines of unrelated pairs of each camera's pictures.
    static func pairs(of cameras: Set<Int32>, in space: VectorSpace) -> [Int32: CosineBackground] {
        places(of: cameras, count: pictureCount, in: space).mapValues { places in
            CosineBackground(
                pairsOf: places.compactMap { place in
                    space.chunks[Int(place.chunk)].block.values(of: Int(place.row)).flatMap(unit)
                })
        }
    }

    /// The cosines of a query with a sample of each camera's pictures.
    static func cosines(
        of query: VectorQuery, cameras: Set<Int32>, in space: VectorSpace
    ) -> [Int32: CosineBackground] {
        places(of: cameras, count: textCount, in: space).mapValues { places in
            CosineBackground(
                places.compactMap { place in
                    space.chunks[Int(place.chunk)].block.cosine(of: Int(place.row), query)
                })
        }
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
