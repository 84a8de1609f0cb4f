// SPDX-License-Identifier: MIT
import ArgumentParser
import Checkpoints
import Foundation
import SystemPackage
import WeightsFetching

/// The command `afterimage weights fetch`.
struct WeightsFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Download published weights, check their SHA-256 and convert them.",
        discussion: """
            Sources by name: \(sourceList). A broken transfer continues where it stopped, in the same run and in \
            the next one. HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY are honoured.

            Example:
              afterimage weights fetch
              afterimage weights fetch --source https://example.org/ViT-B-32.pt

            A mirror is any address that serves the same file; merges.txt is looked for beside it. Without a network, \
            download the file elsewhere and use 'afterimage weights convert'.
            """)

    @Option(help: "Name of a published source, or the address of a mirror.")
    var source: String?

    @Option(help: "SHA-256 that the downloaded file must have, for content that the manifest does not list.")
    var sha256: String?

    @Option(
        help: "Converted weights file (default: AFTERIMAGE_WEIGHTS or weights/clip-vit-b-32.safetensors).")
    var out: String?

    @Option(help: "Manifest to use in place of the built-in one.")
    var manifest: String?

    @Flag(help: "Keep the downloaded checkpoint after it is converted.")
    var keepDownload = false

    /// Refuses wrong usage, with this command's own usage line.
    func validate() throws {
        _ = try installation()
    }

    func run() async throws {
        let installation = try installation()
        var report = InstallationReport()
        defer { report.finish() }
        let checkpoint = try await installation.run(
            report: { report.show($0) },
            convert: { source, vocabulary, out in
                try Self.convert(source: source, vocabulary: vocabulary, out: out)
            })
        print("\(outPath) from \(checkpoint.path.lastComponent?.string ?? "") (SHA-256 \(checkpoint.sha256))")
    }

    /// Hands a checked checkpoint to the converter.
    static func convert(source: FilePath, vocabulary: FilePath?, out: FilePath) throws {
        _ = try CheckpointConverter(.init(vocabulary: vocabulary)).convert(source, to: out)
    }

    private var outPath: String {
        let variable = ProcessInfo.processInfo.environment["AFTERIMAGE_WEIGHTS"].flatMap {
            $0.isEmpty ? nil : $0
        }
        return out ?? variable ?? "weights/clip-vit-b-32.safetensors"
    }

    /// - Throws: `ValidationError`, so that wrong usage ends with exit code 64.
    private func installation() throws -> WeightsInstallation {
        do {
            let manifest = try manifest.map { path throws(WeightsFetchError) in
                try WeightsManifest.read(from: FilePath(path))
            }
            let hash = try sha256.map { text throws(WeightsFetchError) in
                try WeightsFetching.ContentHash(hexadecimal: text)
            }
            let selection = try SourceSelection(source, sha256: hash, in: manifest ?? .builtIn)
            return WeightsInstallation(
                manifest: manifest ?? .builtIn, selection: selection, out: FilePath(outPath),
                keepsDownload: keepDownload)
        } catch {
            throw ValidationError(error.description)
        }
    }

    private static var sourceList: String {
        let manifest = WeightsManifest.builtIn
        return manifest.sources
            .map { $0.name == manifest.default ? "\($0.name) (default)" : $0.name }
            .joined(separator: ", ")
    }
}
