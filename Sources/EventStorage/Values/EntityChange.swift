// SPDX-License-Identifier: MIT

/// What the owner says about an entity; nil leaves a property as it is.
public struct EntityChange: Sendable, Hashable {
    /// A text that may be taken away.
    public enum Text: Sendable, Hashable {
        case clear
        case set(String)

        var value: String? { if case .set(let text) = self { text } else { nil } }
    }

    /// What it is.
    public var entityType: EntityType?
    /// What it is to the owner.
    public var kind: EntityKind?
    /// Its name.
    public var name: Text?
    /// Notes on it.
    public var notes: Text?
    /// Whether the owner wants to know of it.
    public var isVIP: Bool?
    /// Whether the owner wants to be warned of it.
    public var isBlocked: Bool?

    /// A change of nothing.
    public init() {}
}
