// SPDX-License-Identifier: MIT
internal import Synchronization

/// Backgrounds of cameras, computed when asked for and again when a camera has grown by a quarter.
final class BackgroundCache: Sendable {
    private struct Key: Hashable {
        let version: String
        let dimension: Int
        let camera: Int32
    }

    private let known = Mutex<[Key: (background: CosineBackground, count: Int)]>([:])

    /// The background of unrelated pairs of a camera's pictures.
    func pairs(of camera: Int32, in space: VectorSpace) -> CosineBackground {
        let key = Key(version: space.version, dimension: space.dimension, camera: camera)
        let count = space.countByCamera[camera] ?? 0
        if let entry = known.withLock({ $0[key] }), count <= entry.count * 5 / 4, count >= entry.count * 3 / 4
        {
            return entry.background
        }
        let background = BackgroundSamples.pairs(of: camera, in: space)
        known.withLock { $0[key] = (background, count) }
        return background
    }
}
