// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport

/// A file system of a few megabytes in memory, where this process may mount one.
final class SmallDisk: Sendable {
    private let folder: TemporaryDirectory
    let path: FilePath

    /// Whether this process may mount file systems.
    static let isPermitted = (try? SmallDisk(megabytes: 1)) != nil

    struct NotPermitted: Error {}

    init(megabytes: Int) throws {
        folder = try TemporaryDirectory()
        path = folder.path
        guard Self.command("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path.string) else {
            throw NotPermitted()
        }
    }

    deinit {
        _ = Self.command("umount", "-l", path.string)
    }

    /// Lets nothing be written any more; nothing may be open for writing.
    func makeReadOnly() throws {
        guard Self.command("mount", "-o", "remount,ro", path.string) else { throw NotPermitted() }
    }

    /// Lets things be written again.
    func makeWritable() throws {
        guard Self.command("mount", "-o", "remount,rw", path.string) else { throw NotPermitted() }
    }

    /// Takes `bytes` of the space until the file is removed.
    func fill(_ bytes: Int) throws -> FilePath {
        let file = path.appending("filler")
        try Data(repeating: 1, count: bytes).write(to: URL(fileURLWithPath: file.string))
        return file
    }

    private static func command(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
