// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import WeightsFetching

@Suite("What --source selects")
struct SourceSelectionTests {
    private let manifest = WeightsManifest.builtIn
    private let other = contentHash([1])

    @Test("nothing is the default, a name is a published source", arguments: [nil, "huggingface", "openai"])
    func named(_ text: String?) throws {
        let selection = try SourceSelection(text, sha256: nil, in: manifest)
        let source = try #require(manifest[name: text ?? "huggingface"])
        #expect(selection.source == source)
        #expect(selection.acceptedHashes == [source.sha256])
        #expect(selection.byteCount == source.byteCount)
        #expect(selection.address.url.absoluteString == source.url)
    }

    @Test(
        "an address is a mirror of any published content",
        arguments: ["https://m.example/x.bin", "http://m.example/x"])
    func mirror(_ text: String) throws {
        let selection = try SourceSelection(text, sha256: nil, in: manifest)
        #expect(selection.source == nil)
        #expect(selection.acceptedHashes == manifest.sources.map(\.sha256))
        #expect(selection.byteCount == nil)
    }

    @Test("a checksum narrows a mirror to one content, with its length where the manifest has it")
    func checksum() throws {
        let known = try SourceSelection(
            "https://m.example/x", sha256: manifest.sources[0].sha256, in: manifest)
        #expect(known.byteCount == 605_247_071)
        let unknown = try SourceSelection("https://m.example/x", sha256: other, in: manifest)
        #expect(unknown.acceptedHashes == [other])
        #expect(unknown.byteCount == nil)
    }

    @Test("without any known checksum nothing is fetched", arguments: [true, false])
    func nothingKnown(isEncrypted: Bool) {
        let url = "\(isEncrypted ? "https" : "http")://m.example/x"
        let empty = WeightsManifest(format: 1, default: "x", sources: [])
        #expect(throws: WeightsFetchError.noKnownChecksum(url: url, isEncrypted: isEncrypted)) {
            try SourceSelection(url, sha256: nil, in: empty)
        }
        #expect(throws: Never.self) { try SourceSelection(url, sha256: other, in: empty) }
    }

    @Test(
        "what is no source is refused with the next step",
        arguments: [
            ("hugingface", .unknownSource(name: "hugingface", known: ["huggingface", "openai"])),
            ("", .unknownSource(name: "", known: ["huggingface", "openai"])),
            ("/data/pytorch_model.bin", .localSource(path: "/data/pytorch_model.bin")),
            ("./model.bin", .localSource(path: "./model.bin")),
            ("~/model.bin", .localSource(path: "~/model.bin")),
            ("file:///data/model.bin", .localSource(path: "/data/model.bin")),
            ("ftp://m.example/x", .unsupportedScheme(url: "ftp://m.example/x")),
            ("https:///x", .malformedURL(text: "https:///x")),
            ("https://", .malformedURL(text: "https://")),
        ] as [(String, WeightsFetchError)])
    func refused(_ text: String, error: WeightsFetchError) {
        #expect(throws: error) { try SourceSelection(text, sha256: nil, in: manifest) }
    }

    @Test("local files are answered with the command that takes them")
    func hint() {
        let sentence = WeightsFetchError.localSource(path: "/a b.bin").description
        #expect(sentence.contains("afterimage weights convert /a b.bin"))
    }

    @Test(
        "a checksum is 64 hexadecimal digits in either case",
        arguments: [
            ("a", false), (String(repeating: "aF", count: 32), true),
            (String(repeating: "g", count: 64), false),
            (String(repeating: "a", count: 65), false), (String(repeating: "é", count: 32), false),
        ])
    func digits(_ text: String, isAccepted: Bool) {
        let hash = try? ContentHash(hexadecimal: text)
        #expect(hash?.hexadecimal == (isAccepted ? text.lowercased() : nil))
    }
}
