// SPDX-License-Identifier: MIT

/// Why the picture of an event cannot be read.
public enum ThumbnailError: Error, Equatable, Sendable {
    /// There is no such file.
    case missing
    /// The file has more bytes than allowed.
    case tooLarge(byteCount: Int, limit: Int)
    /// The name belongs to something else than a plain file: a folder, a link, a pipe, a device.
    case notAFile
    /// The file is there and cannot be read.
    case unreadable(reason: String)
}

extension ThumbnailError: CustomStringConvertible {
    /// Stable identifier for programs.
    public var code: String {
        switch self {
        case .missing: "thumbnail_missing"
        case .tooLarge: "image_too_large"
        case .notAFile: "thumbnail_not_a_file"
        case .unreadable: "thumbnail_unreadable"
        }
    }

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .missing: "The thumbnail's file does not exist; send the event again with its picture."
        case .tooLarge(let byteCount, let limit):
            "The thumbnail has \(byteCount) bytes, at most \(limit) are read; send a smaller picture."
        case .notAFile: "The thumbnail's path is not a plain file; put the picture itself there."
        case .unreadable(let reason):
            "The thumbnail's file cannot be read (\(reason)); check its permissions."
        }
    }
}
