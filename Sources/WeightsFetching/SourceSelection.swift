// SPDX-License-Identifier: MIT
import Foundation

/// What `--source` and `--sha256` select: a published source, or a mirror of one.
package struct SourceSelection: Equatable, Sendable {
    package let address: RemoteAddress
    /// Checksums of which the checkpoint must have one.
    package let acceptedHashes: [ContentHash]
    /// Length in bytes, where it is known.
    package let byteCount: Int?
    /// The published source asked for by name; nil for a mirror.
    package let source: WeightsSource?

    /// Finds the meaning of `text`: nothing is the default source, a word a published source, an address a mirror.
    ///
    /// A mirror must serve the content of some published source, decided by checksum after the download, unless
    /// `sha256` names the content.
    ///
    /// - Throws: `.localSource` for paths and `file:` addresses; `.unknownSource`; `.unsupportedScheme`;
    ///   `.malformedURL`; `.noKnownChecksum`.
    package init(
        _ text: String?, sha256: ContentHash?, in manifest: WeightsManifest
    ) throws(WeightsFetchError) {
        let text = text ?? manifest.default
        if let source = manifest[name: text] {
            address = try RemoteAddress(source.url)
            self.source = source
            acceptedHashes = [sha256 ?? source.sha256]
            byteCount = sha256 == nil || sha256 == source.sha256 ? source.byteCount : nil
            return
        }
        address = try Self.mirror(text, in: manifest)
        source = nil
        acceptedHashes = sha256.map { [$0] } ?? manifest.sources.map(\.sha256)
        byteCount = manifest.sources.first { $0.sha256 == sha256 }?.byteCount
        if acceptedHashes.isEmpty {
            throw .noKnownChecksum(url: address.redacted, isEncrypted: address.isEncrypted)
        }
    }

    private static func mirror(
        _ text: String, in manifest: WeightsManifest
    ) throws(WeightsFetchError) -> RemoteAddress {
        if text.contains("://") || text.lowercased().hasPrefix("file:") { return try RemoteAddress(text) }
        let isPath = text.contains("/") || text.hasPrefix(".") || text.hasPrefix("~")
        if isPath || FileManager.default.fileExists(atPath: text) { throw .localSource(path: text) }
        throw .unknownSource(name: text, known: manifest.sources.map(\.name))
    }
}
