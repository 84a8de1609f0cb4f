// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

@testable import WeightsFetching

@Suite("The manifest")
struct WeightsManifestTests {
    private static let committed = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("weights/manifest.json")

    @Test("that is committed and the one compiled in are equal")
    func equal() throws {
        let manifest = try WeightsManifest.read(from: FilePath(Self.committed.path))
        #expect(manifest == .builtIn)
        #expect(manifest.sources.map(\.name) == ["huggingface", "openai"])
        #expect(manifest.sources.allSatisfy { $0.companions.count == 1 })
    }

    @Test("names only encrypted addresses that hold their own checksum or revision")
    func addresses() throws {
        for source in WeightsManifest.builtIn.sources {
            for url in [source.url] + source.companions.map(\.url) {
                #expect(try RemoteAddress(url).isEncrypted)
                let revision = "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268"
                #expect(url.contains(source.sha256.hexadecimal) || url.contains(revision))
            }
        }
    }

    @Test(
        "is refused with the reason",
        arguments: [
            ("", "", "it is not JSON as expected at the top"),
            ("\"format\": 1", "\"format\": 2", "format is 2, expected 1"),
            ("\"format\": 1,", "", "'format' is missing at the top"),
            ("\"default\": \"huggingface\"", "\"default\": \"x\"", "the default 'x' is none of its sources"),
            ("\"name\": \"openai\"", "\"name\": \"huggingface\"", "two sources share a name"),
            ("605247071", "0", "a byte_count is not positive"),
            ("605247071", "\"many\"", "another type was expected at sources.[0].byte_count"),
            (
                "\"a63082132ba4", "\"xyz",
                "'xyzf97a80bea76823f544493bffa8082296d62d71581a4feff1576f' is not a SHA-256; expected 64 "
                    + "hexadecimal digits."
            ),
        ])
    func faults(_ old: String, _ new: String, reason: String) throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOf: Self.committed, encoding: .utf8)
        let changed = old.isEmpty ? "" : text.replacingOccurrences(of: old, with: new)
        try folder.write(Array(changed.utf8), to: "m.json")
        let path = folder.file("m.json")
        #expect(throws: WeightsFetchError.manifestUnreadable(path: path.string, reason: reason)) {
            try WeightsManifest.read(from: path)
        }
    }

    @Test("that is not there is told as such")
    func missing() {
        #expect(
            throws: WeightsFetchError.manifestUnreadable(
                path: "/nowhere/m.json", reason: "there is no such file")
        ) { try WeightsManifest.read(from: "/nowhere/m.json") }
    }
}
