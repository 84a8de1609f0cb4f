// SPDX-License-Identifier: MIT

/// What the database knows of a browser that has signed in.
public struct PageSessionRecord: Sendable, Hashable {
    /// SHA-256 of the key it signed in with.
    public let keyDigest: [UInt8]
    /// That key, when it is one of the database and not revoked.
    public let key: AccessKeyRecord?
    /// When it signed in.
    public let createdAt: Timestamp
    /// When it last asked for something, to the minute.
    public let lastSeenAt: Timestamp
}
