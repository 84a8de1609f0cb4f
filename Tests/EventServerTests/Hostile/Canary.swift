// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Files around a thumbnail directory that no request may read or delete.
final class Canary: Sendable {
    /// What only the canaries hold.
    static let secret = Array("CANARY-7f3a91".utf8)

    private let folder: TemporaryDirectory
    /// The server's data directory, inside the guarded folder.
    let dataDirectory: FilePath
    private let files: [FilePath]

    /// Lays out the folder: a canary above and one in the data directory, links and a pipe beside the thumbnails.
    init() throws {
        folder = try TemporaryDirectory()
        dataDirectory = folder.file("data")
        let day = dataDirectory.appending("thumbnails").appending("2026-05-14")
        let manager = FileManager.default
        try manager.createDirectory(atPath: day.string, withIntermediateDirectories: true)
        files = [folder.file("canary.jpg"), dataDirectory.appending("canary.jpg")]
        // A good picture, so that reading it would succeed all the way to an embedding.
        for file in files {
            try Data(SamplePictures.jpeg(0) + Self.secret).write(to: URL(fileURLWithPath: file.string))
            try Self.age(file)
        }
        try manager.createSymbolicLink(
            atPath: day.appending("link.jpg").string, withDestinationPath: files[0].string)
        try manager.createSymbolicLink(
            atPath: day.appending("folder").string, withDestinationPath: folder.path.string)
        try manager.createSymbolicLink(
            atPath: dataDirectory.appending("thumbnails").appending("folder").string,
            withDestinationPath: folder.path.string)
        let pipe = unsafe mkfifo(day.appending("pipe.jpg").string, 0o600)
        try #require(pipe == 0)
        try Data(Self.secret).write(to: URL(fileURLWithPath: day.appending(".hidden.jpg").string))
    }

    /// What was done to the canaries: deleted, changed, or, where the file system tells, read.
    func harm() throws -> [String] {
        try files.flatMap { file -> [String] in
            let name = file.string.hasSuffix("data/canary.jpg") ? "data/canary.jpg" : "canary.jpg"
            guard FileManager.default.fileExists(atPath: file.string) else { return ["\(name) is gone"] }
            var harm: [String] = []
            if Self.tellsReading, try Self.accessTime(file) != 0 { harm.append("\(name) was read") }
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: file.string)))
            if bytes != SamplePictures.jpeg(0) + Self.secret { harm.append("\(name) was changed") }
            try Self.age(file)
            return harm
        }
    }

    /// Whether reading a file moves its access time here.
    static let tellsReading: Bool = {
        guard let folder = try? TemporaryDirectory(), let file = try? folder.write([1], to: "probe") else {
            return false
        }
        try? age(file)
        _ = try? Data(contentsOf: URL(fileURLWithPath: file.string))
        return (try? accessTime(file)) != 0
    }()

    /// Sets the access time to 1970, which the next reading changes even under `relatime`.
    private static func age(_ file: FilePath) throws {
        let times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: time(nil), tv_nsec: 0)]
        // Safe: the array holds the two values that utimensat reads.
        let result = unsafe times.withUnsafeBufferPointer {
            unsafe utimensat(AT_FDCWD, file.string, $0.baseAddress, 0)
        }
        try #require(result == 0)
    }

    private static func accessTime(_ file: FilePath) throws -> Int {
        var status = stat()
        // Safe: stat writes into a value of its own type.
        let result = unsafe stat(file.string, &status)
        try #require(result == 0)
        return status.st_atim.tv_sec
    }
}
