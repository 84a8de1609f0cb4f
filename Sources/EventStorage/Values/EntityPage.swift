// SPDX-License-Identifier: MIT

/// A page of entities.
public struct EntityPage: Sendable, Hashable {
    /// The entities, last seen first.
    public let entities: [RecognizedEntity]
    /// Entities that the query selects, on all pages.
    public let total: Int
}
