// SPDX-License-Identifier: MIT
package import SystemPackage

/// A file whose checksum was found right.
package struct DownloadedFile: Equatable, Sendable {
    package let path: FilePath
    package let sha256: ContentHash
    package let byteCount: Int
    /// False where the file was there already and nothing was transferred.
    package let isTransferred: Bool
}
