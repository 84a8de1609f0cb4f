// SPDX-License-Identifier: MIT

/// How far the embedding of an event is.
public struct EmbeddingStatus: Sendable, Hashable {
    /// The event.
    public let eventID: String
    /// Where it stands.
    public let state: EmbeddingState
    /// Why the last attempt failed.
    public let failure: EmbeddingFailure?
    /// Attempts made so far, the successful one included.
    public let attempts: Int
    /// The weights that made its embedding; nil when there is none.
    public let modelVersion: String?
    /// Coordinates of its embedding; nil when there is none, or the stored one cannot be read.
    public let dimension: Int?
    /// When its embedding was made; nil when there is none.
    public let createdAt: Timestamp?

    /// Whether an embedding is stored.
    public var exists: Bool { modelVersion != nil }
}
