// SPDX-License-Identifier: MIT

/// Where the picture of an event is kept.
public enum StoredThumbnail: Sendable, Hashable {
    /// The event has no picture.
    case none
    /// A file; the spelling is the one in `thumbnail_path`, to be resolved before anything is read.
    case file(String)
    /// In the row, as base64.
    case inline(base64: String)
}
