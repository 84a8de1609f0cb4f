// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Thumbnail store")
struct ThumbnailStoreTests {
    private let folder: TemporaryDirectory
    private let store: ThumbnailStore

    init() throws {
        folder = try TemporaryDirectory()
        store = try ThumbnailStore(directory: folder.file("thumbnails").string)
    }

    private func location(_ path: String = "2026-05-14/a.jpg") throws -> ThumbnailLocation {
        try #require(ThumbnailLocation(relativePath: path))
    }

    private func path(_ relative: String) -> String { "\(store.directory)/\(relative)" }

    @Test("resolves the four spellings to the same file")
    func spellings() throws {
        let expected = try location()
        for prefix in ["/api/v1/thumbnails/", "", "thumbnails/", store.directory + "/"] {
            #expect(store.resolve(prefix + "2026-05-14/a.jpg") == expected, "\(prefix)")
        }
        #expect(expected.url == "/api/v1/thumbnails/2026-05-14/a.jpg")
        #expect(expected.relativePath == "2026-05-14/a.jpg")
        #expect(store.resolve("2026-05-14/Grüße 100%.jpg")?.name == "Grüße 100%.jpg")
    }

    @Test(
        "resolves nothing outside of its directory and nothing that looks like it",
        arguments: [
            "", "/", "a.jpg", "/a.jpg", "2026-05-14", "2026-05-14/", "/2026-05-14/a.jpg", "2026-05-14//a.jpg",
            "../app.db", "2026-05-14/..", "2026-05-14/../a.jpg", "../2026-05-14/a.jpg",
            "2026-05-14/../../app.db",
            "./a.jpg", "2026-05-14/.", "./2026-05-14/a.jpg", "2026-05-14/.hidden", ".hidden/a.jpg",
            "2026-05-14/.tmp-1", "thumbnails/../a.jpg", "thumbnails/../../etc/passwd",
            "thumbnails/2026-05-14/../a.jpg",
            "/api/v1/thumbnails/../a.jpg", "/api/v1/thumbnails/2026-05-14/..", "/api/v1/thumbnails//a.jpg",
            "/api/v1/events/2026-05-14/a.jpg", "/etc/passwd", "/etc/2026-05-14/a.jpg", "//etc/passwd",
            "~/a.jpg/b",
            "%2e%2e/app.db", "%2e%2e%2fapp.db", "2026-05-14/%2e%2e", "2026-05-14%2f..%2fa.jpg",
            "..%2fapp.db/x",
            "2026-05-14/%2e%2e%2f%2e%2e%2fapp.db", "%252e%252e/app.db", "%25252e%25252e/app.db",
            "2026-05-14/..%252f..%252fapp.db", "2026-05-14/%2525252e%2525252e", "2026-05-14/a%00.jpg",
            "2026-05-14/a%0a.jpg", "2026-05-14/%c0%ae%c0%ae", "2026-05-14/%ff.jpg", "2026-05-14/a%5c..%5cb",
            "%2f/a.jpg", "2026-05-14/%2e", "2026-05-14/%2ehidden", "2026-05-14\\a.jpg",
            "2026-05-14/a\\..\\b.jpg",
            "..\\..\\app.db", "2026-05-14/a\u{0}.jpg", "2026-05-14/a\n.jpg", "2026-05-14/a\u{7F}.jpg",
            "2026-05-14/a\u{85}.jpg", "2026-05-14/a\u{202E}gpj.jpg", "2026-05-14/a/b.jpg",
            "thumbnails/2026-05-14/a/b.jpg", "file:///etc/passwd", "http://example.org/a.jpg",
            "/proc/self/environ",
            "2026-05-14/" + String(repeating: "a", count: 256), String(repeating: "a", count: 256) + "/a.jpg",
            String(repeating: "../", count: 2_000) + "etc/passwd", String(repeating: "a/", count: 5_000),
            String(repeating: "%25", count: 2_000) + "/a.jpg",
        ])
    func traversal(spelling: String) {
        #expect(store.resolve(spelling) == nil)
        #expect(store.resolve(store.directory + "/" + spelling) == nil)
        #expect(store.resolve("/api/v1/thumbnails/" + spelling) == nil)
    }

    @Test("does not take a directory beside its own for its own")
    func siblings() {
        #expect(store.resolve(store.directory + "-other/2026-05-14/a.jpg") == nil)
        #expect(store.resolve(store.directory + "/../2026-05-14/a.jpg") == nil)
        #expect(store.resolve(store.directory) == nil)
    }

    @Test("gives back the bytes it was given, and leaves no other file", arguments: [0, 1, 100_000])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try store.write([1, 2, 3], as: location())
        try store.write(bytes, as: location())
        #expect(try store.read(location(), limit: 100_000) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path("2026-05-14")) == ["a.jpg"])
        #expect(try store.delete(location()))
        #expect(try !store.delete(location()))
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.directory) == [])
        #expect(throws: ThumbnailError.missing) { try store.read(location(), limit: 10) }
    }

    @Test("keeps a file that is not to be replaced")
    func noReplacing() throws {
        try store.write([1], as: location(), replacing: false)
        #expect(throws: StorageError.fileExists(path: "2026-05-14/a.jpg")) {
            try store.write([2], as: location(), replacing: false)
        }
        #expect(try store.read(location(), limit: 10) == [1])
        #expect(try FileManager.default.contentsOfDirectory(atPath: path("2026-05-14")) == ["a.jpg"])
    }

    @Test("reads at most as many bytes as allowed")
    func limit() throws {
        try store.write([1, 2, 3], as: location())
        #expect(try store.read(location(), limit: 3) == [1, 2, 3])
        #expect(throws: ThumbnailError.tooLarge(byteCount: 3, limit: 2)) {
            try store.read(location(), limit: 2)
        }
    }

    @Test("follows no link to a file, in a folder or of a folder", .timeLimit(.minutes(1)))
    func links() throws {
        let manager = FileManager.default
        let outside = try folder.write([42], to: "secret.jpg").string
        try manager.createDirectory(atPath: folder.file("outside").string, withIntermediateDirectories: true)
        try folder.write([42], to: "outside/secret.jpg")
        try manager.createDirectory(atPath: path("2026-05-14"), withIntermediateDirectories: true)
        try manager.createSymbolicLink(atPath: path("2026-05-14/link.jpg"), withDestinationPath: outside)
        try manager.createSymbolicLink(
            atPath: path("2026-05-15"), withDestinationPath: folder.file("outside").string)
        for path in ["2026-05-14/link.jpg", "2026-05-15/secret.jpg"] {
            #expect(throws: ThumbnailError.notAFile) { try store.read(location(path), limit: 10) }
        }
        #expect(try !store.delete(location("2026-05-15/secret.jpg")))
        #expect(throws: StorageError.self) { try store.write([1], as: location("2026-05-15/new.jpg")) }
        // Deleting a link deletes the link, replacing it replaces the link.
        try store.write([1], as: location("2026-05-14/link.jpg"))
        #expect(try store.read(location("2026-05-14/link.jpg"), limit: 10) == [1])
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: outside))) == [42])
        #expect(try manager.contentsOfDirectory(atPath: folder.file("outside").string) == ["secret.jpg"])
    }

    @Test("refuses pipes, devices, sockets and folders without waiting", .timeLimit(.minutes(1)))
    func specialFiles() throws {
        try FileManager.default.createDirectory(
            atPath: path("2026-05-14/folder.jpg"), withIntermediateDirectories: true)
        for arguments in [["mkfifo", path("2026-05-14/pipe.jpg")]] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = arguments
            try process.run()
            process.waitUntilExit()
        }
        for name in ["folder.jpg", "pipe.jpg"] {
            #expect(throws: ThumbnailError.notAFile) {
                try store.read(location("2026-05-14/\(name)"), limit: 10)
            }
        }
        #expect(throws: ThumbnailError.missing) { try store.read(location("2026-05-14/none.jpg"), limit: 10) }
    }

    @Test("removes temporary files and empty folders at the start, and nothing else")
    func temporaryFiles() throws {
        try store.write([1], as: location())
        try folder.write([1], to: "thumbnails/2026-05-14/.tmp-abc")
        try FileManager.default.createDirectory(atPath: path("2026-05-15"), withIntermediateDirectories: true)
        try folder.write([1], to: "thumbnails/2026-05-15/.tmp-def")
        #expect(try store.removeTemporaryFiles() == 2)
        #expect(try store.removeTemporaryFiles() == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.directory) == ["2026-05-14"])
        #expect(try store.read(location(), limit: 10) == [1])
    }

    @Test("sweeps old pictures without event, and no other file")
    func orphans() async throws {
        let names = (0..<5).map { "2026-05-14/\(UUID.numbered($0)).jpg" }
        for name in names { try store.write([1], as: location(name)) }
        try store.write([1], as: location("2026-05-14/holiday.jpg"))
        try store.write([1], as: location("2026-05-15/\(UUID.numbered(9)).png"))
        let old = Date().addingTimeInterval(-7_200)
        for name in names.dropLast() + ["2026-05-14/holiday.jpg", "2026-05-15/\(UUID.numbered(9)).png"] {
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path(name))
        }
        let count = try await store.removeOrphans(olderThan: .seconds(3600)) { asked in
            #expect(!asked.contains(names[4]) && !asked.contains("2026-05-14/holiday.jpg"))
            return [names[0]]
        }
        #expect(count == 4)
        let left = try FileManager.default.contentsOfDirectory(atPath: path("2026-05-14")).sorted()
        #expect(left.map { "2026-05-14/\($0)" } == [names[0], names[4], "2026-05-14/holiday.jpg"])
        #expect(!FileManager.default.fileExists(atPath: path("2026-05-15")))
    }
}
