// SPDX-License-Identifier: MIT
import Foundation
package import SystemPackage

/// Fetches a checkpoint with what belongs to it, and has it converted.
///
///     selection ─▶ download ─▶ checksum ─▶ vocabulary ─▶ convert ─▶ out
package struct WeightsInstallation: Sendable {
    /// Turns a checked checkpoint into the file at `out`: `(source, vocabulary, out)`.
    package typealias Conversion = (FilePath, FilePath?, FilePath) throws -> Void

    let manifest: WeightsManifest
    let selection: SourceSelection
    let out: FilePath
    let keepsDownload: Bool
    let download: WeightsDownload

    /// An installation to `out`.
    ///
    /// Downloads lie in the folder of `out` until they are converted, and afterwards too if `keepsDownload`.
    package init(
        manifest: WeightsManifest, selection: SourceSelection, out: FilePath, keepsDownload: Bool,
        download: WeightsDownload = WeightsDownload()
    ) {
        self.manifest = manifest
        self.selection = selection
        self.out = out
        self.keepsDownload = keepsDownload
        self.download = download
    }

    /// Runs all steps.
    ///
    /// Files that were there before are kept; a failed conversion keeps the checked download, so that the next
    /// run transfers nothing.
    ///
    /// - Throws: ``WeightsFetchError``, and what `convert` throws.
    package func run(
        report: (InstallationStep) -> Void = { _ in }, convert: Conversion
    ) async throws -> DownloadedFile {
        try createFolder()
        let order = try DownloadOrder(
            address: selection.address, acceptedHashes: selection.acceptedHashes,
            byteCount: selection.byteCount, destination: destination)
        report(.downloading(url: selection.address.redacted))
        let checkpoint = try await download.run(order) { report(.download($0)) }
        report(.checked(checkpoint))
        let source = selection.source ?? manifest.sources.first { $0.sha256 == checkpoint.sha256 }
        let vocabulary = try await vocabulary(of: source, report)
        report(.converting(to: out.string))
        try convert(checkpoint.path, vocabulary?.path, out)
        for file in [checkpoint, vocabulary].compactMap(\.self) where file.isTransferred && !keepsDownload {
            try? FileManager.default.removeItem(atPath: file.path.string)
        }
        return checkpoint
    }

    /// The tokenizer's merges; nil where none belong to the checkpoint or a mirror lacks them.
    private func vocabulary(
        of source: WeightsSource?, _ report: (InstallationStep) -> Void
    ) async throws(WeightsFetchError) -> DownloadedFile? {
        guard let file = source?.companions.first else { return nil }
        // A mirror is chosen because the publisher is out of reach or not to be asked.
        let isMirror = selection.source == nil
        do {
            let address =
                try isMirror ? selection.address.sibling(named: file.name) : RemoteAddress(file.url)
            let order = try DownloadOrder(
                address: address, acceptedHashes: [file.sha256], byteCount: file.byteCount,
                destination: out.folder.appending(file.name))
            report(.downloading(url: address.redacted))
            return try await download.run(order) { report(.download($0)) }
        } catch {
            guard isMirror, error != .cancelled else { throw error }
            report(.vocabularyMissing(name: file.name, reason: error))
            return nil
        }
    }

    /// Beside `out`, under the name that the publisher gave.
    private var destination: FilePath {
        let name = selection.address.fileName ?? "checkpoint.bin"
        return out.folder.appending(name == out.lastComponent?.string ? name + ".download" : name)
    }

    private func createFolder() throws(WeightsFetchError) {
        do {
            try FileManager.default.createDirectory(
                atPath: out.folder.string, withIntermediateDirectories: true)
        } catch {
            throw .fileFailure(path: out.folder.string, reason: "the folder cannot be made")
        }
    }
}
