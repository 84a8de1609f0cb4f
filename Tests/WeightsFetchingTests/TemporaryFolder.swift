// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage

/// An empty folder that goes away with its last reference.
final class TemporaryFolder: Sendable {
    let path: FilePath

    init() throws {
        let name = "afterimage-fetch-\(UUID().uuidString)"
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func file(_ name: String) -> FilePath { path.appending(name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name).string))
    }

    func bytes(_ name: String) -> [UInt8]? {
        (try? Data(contentsOf: URL(fileURLWithPath: file(name).string))).map { [UInt8]($0) }
    }

    /// Names of all files, sorted.
    var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path.string).sorted()) ?? []
    }
}
