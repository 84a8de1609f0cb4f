// SPDX-License-Identifier: MIT

/// The type of a thumbnail by its first bytes: what its file is called and what it is served as.
package struct ThumbnailType: Sendable, Equatable {
    package let fileExtension: String
    package let contentType: String

    /// What the bytes begin like; anything unknown is served as bytes to download, never as a page.
    package init(of bytes: [UInt8]) {
        func begins(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + signature.count && bytes[offset...].starts(with: signature)
        }
        (fileExtension, contentType) =
            if begins([0xFF, 0xD8, 0xFF]) {
                ("jpg", "image/jpeg")
            } else if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
                ("png", "image/png")
            } else if begins(Array("RIFF".utf8)) && begins(Array("WEBP".utf8), at: 8) {
                ("webp", "image/webp")
            } else if begins(Array("GIF8".utf8)) {
                ("gif", "image/gif")
            } else {
                ("bin", "application/octet-stream")
            }
    }
}
