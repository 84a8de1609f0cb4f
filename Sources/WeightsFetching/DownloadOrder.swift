// SPDX-License-Identifier: MIT
package import SystemPackage

/// What to download, how it is recognised, and where to put it.
package struct DownloadOrder: Equatable, Sendable {
    package let address: RemoteAddress
    /// Checksums of which the content must have one; never empty.
    package let acceptedHashes: [ContentHash]
    /// Exact length in bytes, where it is known.
    package let byteCount: Int?
    /// Path of the finished download.
    ///
    /// Partial content lies at the same path with `.partial`.
    package let destination: FilePath

    /// - Throws: `.noKnownChecksum` when nothing could tell right content from wrong.
    package init(
        address: RemoteAddress, acceptedHashes: [ContentHash], byteCount: Int? = nil, destination: FilePath
    ) throws(WeightsFetchError) {
        guard !acceptedHashes.isEmpty else {
            throw .noKnownChecksum(url: address.redacted, isEncrypted: address.isEncrypted)
        }
        self.address = address
        self.acceptedHashes = acceptedHashes
        self.byteCount = byteCount
        self.destination = destination
    }

    var partial: FilePath { FilePath(destination.string + ".partial") }

    /// Remembers of which content `partial` is a part.
    var validatorFile: FilePath { FilePath(destination.string + ".validator.partial") }
}
