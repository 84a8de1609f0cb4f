// SPDX-License-Identifier: MIT
import Foundation
import Imaging
import SampleScenes

/// A picture whose way through the engine is timed.
struct BenchPicture {
    let name: String
    let bytes: [UInt8]

    /// The files at `paths`; without any, a generated scene as cameras send it, small and large.
    static func load(_ paths: [String]) throws -> [BenchPicture] {
        guard paths.isEmpty else {
            return try paths.map {
                BenchPicture(name: $0, bytes: Array(try Data(contentsOf: URL(filePath: $0))))
            }
        }
        return try [(640, 360), (1920, 1080)].map { width, height in
            let image = SceneCatalogue.demo[0].rendered(width: width, height: height)
            return BenchPicture(
                name: "scene \(width)×\(height) JPEG", bytes: try JPEGEncoder(quality: 88).encode(image))
        }
    }
}
