// SPDX-License-Identifier: MIT

/// A page of the listing of entities, last seen first.
public struct EntityQuery: Sendable, Hashable {
    /// Only entities of this type.
    public var entityType: EntityType?
    /// Only entities of this kind.
    public var kind: EntityKind?
    /// Only entities that have a name.
    public var namedOnly = false
    /// Only entities whose name or notes contain this, letters of any case.
    public var search: String?
    /// Most entities on the page.
    public var limit = 50
    /// Entities to pass over first.
    public var offset = 0

    /// The first page of all entities.
    public init() {}
}
