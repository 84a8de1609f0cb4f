// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import SystemPackage
import Tensors
import Testing

@Suite("Known sources")
struct KnownSourceTests {
    private struct Manifest: Decodable {
        struct Source: Decodable {
            let sha256: String
            let model_version: String
            let activation: String
        }

        let sources: [Source]
    }

    static let manifest = Fixtures.folder.removingLastComponent().removingLastComponent()
        .removingLastComponent().appending("weights/manifest.json").string

    @Test(
        "equal weights/manifest.json",
        .enabled(if: FileManager.default.fileExists(atPath: manifest), "weights/manifest.json is missing"))
    func equalManifest() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: Self.manifest))
        let sources = try JSONDecoder().decode(Manifest.self, from: data).sources
        #expect(sources.map(\.sha256).sorted() == KnownSource.all.map(\.sha256).sorted())
        for source in sources {
            let known = try #require(KnownSource.with(sha256: source.sha256))
            #expect(known.modelVersion == source.model_version)
            #expect(known.activation.rawValue == source.activation)
        }
    }
}
