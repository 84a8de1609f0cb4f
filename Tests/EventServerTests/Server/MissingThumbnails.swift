// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

/// Events whose thumbnail files are not there yet: work for batches that the server does not take up by itself.
struct MissingThumbnails {
    /// Events in the order of their creation and of their time, all failed with `thumbnail_missing`.
    let ids: [String]
    /// Their files, in the same order.
    let files: [FilePath]

    /// Creates `count` such events and waits until they have failed.
    static func create(_ count: Int, on server: LiveServer) async throws -> MissingThumbnails {
        var ids: [String] = []
        var files: [FilePath] = []
        for index in 0..<count {
            let name = "2026-05-14/late-\(index)-\(EventBody.newID()).jpg"
            // One second after the other, so that the oldest is the first.
            let time = Date(timeIntervalSince1970: 1_778_781_723 + Double(index)).ISO8601Format()
            ids.append(
                try await server.client.createID(EventBody(at: time).with("thumbnail_path", .string(name))))
            files.append(server.thumbnails.pushing(FilePath(name)))
        }
        for id in ids {
            let status = try await server.client.settled(id)
            try #require(status["error"]["code"] == "thumbnail_missing", "\(status)")
        }
        return MissingThumbnails(ids: ids, files: files)
    }

    /// Puts the first `count` files in their places.
    func appear(_ count: Int) throws {
        for (index, file) in files.prefix(count).enumerated() {
            try FileManager.default.createDirectory(
                atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
            try Data(SamplePictures.jpeg(index)).write(to: URL(fileURLWithPath: file.string))
        }
    }
}
