// SPDX-License-Identifier: MIT
internal import Synchronization

/// Backgrounds of cameras, computed when asked for and again when a camera has grown by a quarter.
final class BackgroundCache: Sendable {
    /// Names of cameras: their numbers are others once the table has been read again.
    private struct Key: Hashable {
        let version: String
        let dimension: Int
        let camera: String
    }

    private let known = Mutex<[Key: (background: CosineBackground, count: Int)]>([:])

    /// The backgrounds of unrelated pairs of some cameras' pictures, by the cameras' numbers.
    ///
    /// - Complexity: O(rows of the space) where one of them is not known yet.
    func pairs(
        of cameras: Set<Int32>, _ names: CameraNumbers, in space: VectorSpace
    ) -> [Int32: CosineBackground] {
        var backgrounds: [Int32: CosineBackground] = [:]
        var missing: Set<Int32> = []
        for camera in cameras {
            let count = space.countByCamera[camera] ?? 0
            if let entry = known.withLock({ $0[key(camera, names, space)] }), count <= entry.count * 5 / 4,
                count >= entry.count * 3 / 4
            {
                backgrounds[camera] = entry.background
            } else {
                missing.insert(camera)
            }
        }
        guard !missing.isEmpty else { return backgrounds }
        for (camera, background) in BackgroundSamples.pairs(of: missing, in: space) {
            backgrounds[camera] = background
            let entry = (background, space.countByCamera[camera] ?? 0)
            known.withLock { $0[key(camera, names, space)] = entry }
        }
        return backgrounds
    }

    private func key(_ camera: Int32, _ names: CameraNumbers, _ space: VectorSpace) -> Key {
        Key(version: space.version, dimension: space.dimension, camera: names.names[Int(camera)])
    }
}
