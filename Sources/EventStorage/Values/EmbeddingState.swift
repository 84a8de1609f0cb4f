// SPDX-License-Identifier: MIT

/// Where an event stands on its way to an embedding.
///
///     pending ──▶ ready          its row in event_embeddings exists
///        │  ▲
///        │  └── the row was deleted
///        └────▶ failed           the reason is kept; tried again only when asked for
///     no_thumbnail               there is nothing to embed
public enum EmbeddingState: String, Sendable, CaseIterable {
    case pending
    case ready
    case failed
    case noThumbnail = "no_thumbnail"
}
