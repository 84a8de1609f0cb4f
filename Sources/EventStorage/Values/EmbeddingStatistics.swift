// SPDX-License-Identifier: MIT

/// Counts over all events.
public struct EmbeddingStatistics: Sendable, Hashable {
    /// All events.
    public let totalEvents: Int
    /// Events with a stored embedding.
    public let withEmbeddings: Int
    /// Events waiting for one.
    public let pending: Int
    /// Events whose embedding failed.
    public let failed: Int
    /// Embeddings that other weights made.
    public let stale: Int
    /// Events without a picture.
    public let noThumbnail: Int
    /// Failed events by the code of their failure.
    public let failuresByCode: [String: Int]

    /// Events without a stored embedding.
    public var withoutEmbeddings: Int { totalEvents - withEmbeddings }
}
