// SPDX-License-Identifier: MIT
internal import Foundation
package import SystemPackage

/// A folder of a test's own, gone with the test.
package final class TemporaryDirectory: Sendable {
    /// Where it is.
    package let path: FilePath

    /// Makes an empty folder.
    package init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("afterimage-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Path of `name` in the folder.
    package func file(_ name: String) -> FilePath { path.appending(name) }

    /// Writes `bytes` under `name`; returns the path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> FilePath {
        let path = file(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path.string))
        return path
    }
}
