// SPDX-License-Identifier: MIT

/// The format of a picture by its first bytes, for the name of its file.
struct PictureKind {
    /// `jpg`, `png`, `webp`, `gif`, or `bin` for anything else.
    let fileExtension: String

    init(_ bytes: [UInt8]) {
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            fileExtension = "jpg"
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            fileExtension = "png"
        } else if bytes.starts(with: "GIF8".utf8) {
            fileExtension = "gif"
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            fileExtension = "webp"
        } else {
            fileExtension = "bin"
        }
    }
}
