// SPDX-License-Identifier: MIT

/// What a key lets its holder do.
public enum AccessScope: String, Sendable, Hashable, CaseIterable {
    /// Look at events, pictures and entities, and search.
    case read
    /// Create and delete events, start embedding, decide about entities.
    case write
    /// Everything: keys as well.
    case admin
}

extension Set<AccessScope> {
    /// Whether these admit what needs `scope`.
    public func admit(_ scope: AccessScope) -> Bool { contains(scope) || contains(.admin) }
}
