// SPDX-License-Identifier: MIT

/// An event to be embedded.
public struct PendingEvent: Sendable, Hashable {
    /// The event.
    public let id: String
    /// Its picture.
    public let thumbnail: StoredThumbnail
    /// Where it stands: `ready` when its embedding comes from other weights.
    public let state: EmbeddingState
    /// Attempts made so far.
    public let attempts: Int
    /// When it happened.
    public let timestamp: Timestamp
}
