// SPDX-License-Identifier: MIT

/// What the database knows of a key: everything but the key.
public struct AccessKeyRecord: Sendable, Hashable, Identifiable {
    /// Lower-case UUID.
    public let id: String
    /// What the owner calls it; unique among keys in use.
    public let name: String
    /// What it lets its holder do.
    public let scopes: Set<AccessScope>
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last used, to the minute; nil for never.
    public let lastUsedAt: Timestamp?
    /// When it was revoked; nil while it is in use.
    public let revokedAt: Timestamp?
}
