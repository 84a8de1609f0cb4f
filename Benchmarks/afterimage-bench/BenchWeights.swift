// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import SystemPackage

/// The weights of a benchmark; stand-ins are removed when it ends.
final class BenchWeights {
    let path: String
    private let folder: String?

    /// The file at `path`, or stand-in weights where it is nil.
    init(_ path: String?) throws {
        if let path {
            self.path = path
            folder = nil
            return
        }
        let folder = NSTemporaryDirectory() + "afterimage-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        self.path = "\(folder)/stand-in.safetensors"
        self.folder = folder
        try StandInWeights().write(to: FilePath(self.path))
    }

    deinit {
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }
}
