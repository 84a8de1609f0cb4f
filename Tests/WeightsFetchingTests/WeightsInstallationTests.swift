// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

@testable import WeightsFetching

@Suite("An installation", .serialized, .timeLimit(.minutes(1)))
struct WeightsInstallationTests {
    private struct ConversionFault: Error, Equatable {}

    private let content = HostileCase.content
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A manifest with one source; checkpoint and merges have the same bytes, as the server serves one content.
    private func manifest(_ url: String) -> WeightsManifest {
        let merges = PublishedFile(
            name: "merges.txt", url: url + "/merges.txt", byteCount: content.count, sha256: HostileCase.hash)
        let source = WeightsSource(
            name: "here", url: url, byteCount: content.count, sha256: HostileCase.hash, modelVersion: "v",
            activation: "gelu", licence: "none", companions: [merges])
        return WeightsManifest(format: 1, default: "here", sources: [source])
    }

    private func installation(
        _ source: String?, at url: String, sha256: ContentHash? = nil, keepsDownload: Bool = false
    ) throws -> WeightsInstallation {
        let manifest = manifest(url)
        return WeightsInstallation(
            manifest: manifest, selection: try SourceSelection(source, sha256: sha256, in: manifest),
            out: folder.file("weights/w.safetensors"), keepsDownload: keepsDownload,
            download: WeightsDownload(policy: impatientPolicy(), environment: [:]))
    }

    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.file("weights").string).sorted()) ?? []
    }

    @Test("hands checkpoint and merges to the converter and removes them", arguments: [false, true])
    func converts(keepsDownload: Bool) async throws {
        let server = try await HostileServer.start(serving: content, script: [.whole])
        var calls: [[String?]] = []
        let file = try await installation(nil, at: server.url, keepsDownload: keepsDownload)
            .run { source, vocabulary, out in
                calls.append([source, vocabulary, out].map { $0?.lastComponent?.string })
                #expect(FileManager.default.contents(atPath: source.string) == Data(content))
                try Data([1]).write(to: URL(fileURLWithPath: out.string))
            }
        #expect(file.sha256 == HostileCase.hash)
        #expect(calls == [["model.bin", "merges.txt", "w.safetensors"]])
        #expect(names == (keepsDownload ? ["merges.txt", "model.bin"] : []) + ["w.safetensors"])
        #expect(server.seen.requests.map(\.uri) == ["/model.bin", "/model.bin/merges.txt"])
        try await server.stop()
    }

    @Test("keeps the checked download when the conversion fails, and transfers nothing again")
    func failedConversion() async throws {
        let server = try await HostileServer.start(serving: content, script: [.whole])
        let installation = try installation(nil, at: server.url)
        await #expect(throws: ConversionFault()) {
            try await installation.run { _, _, _ in throw ConversionFault() }
        }
        #expect(names == ["merges.txt", "model.bin"])
        _ = try await installation.run { _, _, _ in }
        #expect(server.seen.requests.count == 2)
        try await server.stop()
    }

    @Test("takes the merges from beside the mirror, and goes on with a warning when they are not there")
    func mirror() async throws {
        let server = try await HostileServer.start(serving: content, script: [.whole, Answer(.status(404))])
        let mirror = "http://127.0.0.1:\(server.port)/m/clip.bin?key=1"
        var steps: [InstallationStep] = []
        var vocabularies: [FilePath?] = []
        _ = try await installation(mirror, at: "https://publisher.invalid/x")
            .run(report: { steps.append($0) }) { _, vocabulary, _ in vocabularies.append(vocabulary) }
        #expect(server.seen.requests.map(\.uri) == ["/m/clip.bin?key=1", "/m/merges.txt"])
        #expect(vocabularies == [nil])
        let reason = WeightsFetchError.httpStatus(
            url: "http://127.0.0.1:\(server.port)/m/merges.txt", status: 404)
        #expect(steps.contains(.vocabularyMissing(name: "merges.txt", reason: reason)))
        try await server.stop()
    }

    @Test("refuses a mirror with unknown content, naming the flag, and converts nothing")
    func unknownContent() async throws {
        let server = try await HostileServer.start(serving: content, script: [.whole])
        let source = manifest("https://publisher.invalid/x").sources[0]
        let others = ["a", "b"].map { name in
            WeightsSource(
                name: name, url: source.url, byteCount: nil, sha256: contentHash(Array(name.utf8)),
                modelVersion: "v", activation: "gelu", licence: "none", companions: [])
        }
        let manifest = WeightsManifest(format: 1, default: "a", sources: others)
        let installation = WeightsInstallation(
            manifest: manifest, selection: try SourceSelection(server.url, sha256: nil, in: manifest),
            out: folder.file("weights/w.safetensors"), keepsDownload: false,
            download: WeightsDownload(policy: impatientPolicy(), environment: [:]))
        let error = await #expect(throws: WeightsFetchError.self) {
            try await installation.run { _, _, _ in Issue.record("unknown content was converted") }
        }
        #expect(error == .unrecognizedContent(url: server.url, found: HostileCase.hash))
        #expect(error?.description.contains("--sha256") == true)
        #expect(names == [])
        try await server.stop()
    }

    @Test("takes content that only --sha256 knows, without merges")
    func givenChecksum() async throws {
        let server = try await HostileServer.start(serving: content, script: [.whole])
        let empty = WeightsManifest(format: 1, default: "", sources: [])
        let installation = WeightsInstallation(
            manifest: empty, selection: try SourceSelection(server.url, sha256: HostileCase.hash, in: empty),
            out: folder.file("model.bin"), keepsDownload: true,
            download: WeightsDownload(policy: impatientPolicy(), environment: [:]))
        let file = try await installation.run { _, vocabulary, _ in #expect(vocabulary == nil) }
        // The download never takes the name of the converted file.
        #expect(file.path.lastComponent?.string == "model.bin.download")
        #expect(server.seen.requests.count == 1)
        try await server.stop()
    }
}
