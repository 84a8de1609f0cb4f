// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import SystemPackage
import Tensors

/// Archives that the real libraries wrote; made by tools/golden/make_checkpoint_archives.py.
enum Fixtures {
    static let folder = FilePath(#filePath).removingLastComponent().appending("Fixtures")

    static func path(_ name: String) -> FilePath {
        folder.appending(name)
    }

    /// What the generator says about the tiny model.
    struct Description: Decodable {
        struct Tensor: Decodable {
            let dtype: String
            let shape: [Int]
            let sha256: String
        }

        let content_sha256: [String: String]
        let single_precision_tensors: [String]
        let tensors: [String: Tensor]
    }

    static func description() throws -> Description {
        let data = try Data(contentsOf: URL(fileURLWithPath: path("tiny.json").string))
        return try JSONDecoder().decode(Description.self, from: data)
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](ByteSlice(mapping: path(name)))
    }
}

/// A folder that is removed at the end of the test.
final class TemporaryFolder {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// Writes `bytes` to a file and returns its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> FilePath {
        let file = path.appending(name)
        try Data(bytes).write(to: URL(fileURLWithPath: file.string))
        return file
    }

    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path.string).sorted() }
    }
}
