// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A file system of a few megabytes, mounted for one test.
final class SmallDisk: Sendable {
    private let folder: TemporaryDirectory
    /// Where it is mounted.
    let path: FilePath

    /// Mounts an empty file system of `megabytes`.
    init(megabytes: Int) throws {
        folder = try TemporaryDirectory()
        path = folder.path.appending("disk")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path.string)
    }

    deinit { try? Self.run("umount", "-l", path.string) }

    /// Whether this user may mount at all.
    static let isAvailable: Bool = {
        guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        return FileManager.default.fileExists(atPath: disk.path.string)
    }()

    /// Whether files can be made unwritable for programs that have them open.
    static let canFreezeFiles: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryDirectory(),
            let file = try? folder.write([0], to: "file"),
            let handle = FileHandle(forWritingAtPath: file.string)
        else { return false }
        guard (try? freeze([file])) != nil else { return false }
        defer { try? thaw([file]) }
        return (try? handle.write(contentsOf: Data([1]))) == nil
    }()

    /// Takes all that is left.
    func fill() throws {
        let filler = FileManager.default.createFile(atPath: path.appending("filler").string, contents: nil)
        let handle = try FileHandle(forWritingAtPath: path.appending("filler").string).required()
        try #require(filler)
        for size in [1 << 20, 1 << 16, 1 << 12, 1 << 8, 1] {
            let block = Data(repeating: 0x55, count: size)
            while (try? handle.write(contentsOf: block)) != nil {}
        }
    }

    /// Gives it back.
    func clear() throws { try FileManager.default.removeItem(atPath: path.appending("filler").string) }

    /// Makes the files and directories unwritable, also for programs that have them open.
    static func freeze(_ paths: [FilePath]) throws { try run("chattr", ["+i"] + paths.map(\.string)) }

    /// Undoes ``freeze(_:)``.
    static func thaw(_ paths: [FilePath]) throws { try run("chattr", ["-i"] + paths.map(\.string)) }

    /// Mounts a directory over itself, read-only.
    static func coverReadOnly(_ path: FilePath) throws {
        try run("mount", "--bind", path.string, path.string)
        try run("mount", "-o", "remount,ro,bind", path.string)
    }

    /// Undoes ``coverReadOnly(_:)``.
    static func uncover(_ path: FilePath) throws { try run("umount", "-l", path.string) }

    /// Changes the mount of the whole disk.
    func remount(_ option: String) throws { try Self.run("mount", "-o", "remount,\(option)", path.string) }

    private struct CommandFailed: Error {
        let command: [String]
    }

    private static func run(_ name: String, _ arguments: String...) throws { try run(name, arguments) }

    private static func run(_ name: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CommandFailed(command: [name] + arguments) }
    }
}
