// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Synchronization

/// Knows keys and sessions: who a key or a cookie belongs to now.
///
/// Every request asks the database, which takes some ten microseconds: a key that is revoked by another process is
/// refused from the next request on.
final class AccessControl: Sendable {
    /// How long a session lives without a request.
    static let idleSeconds = 12 * 3600
    /// How long a session lives at most.
    static let lifetimeSeconds = 7 * 86_400
    /// Sessions of one key; the oldest ends when another begins.
    static let sessionsPerKey = 50
    /// How old the noted time of the last use may be.
    private static let noteSeconds = 60.0

    private let store: EventStore
    private let configuredDigest: [UInt8]?
    private let isLoopback: Bool
    private let opening: Mutex<Opening>

    /// Whether a key is asked for, and until when that is certain.
    private struct Opening {
        var isOpen: Bool
        var certainUntil: ContinuousClock.Instant
    }

    /// - Parameters:
    ///   - store: Where keys and sessions are.
    ///   - options: The address, and the key of the configuration.
    init(store: EventStore, options: ServerOptions) {
        self.store = store
        configuredDigest = options.apiKey.map { SecretToken.digest(of: $0.text) }
        isLoopback = options.isLoopback
        opening = Mutex(Opening(isOpen: true, certainUntil: .now))
    }

    /// Whether everybody is let in: only this machine can connect, and nobody ever made a key.
    ///
    /// Revoking the last key does not open the server again. A first key made by another process counts within a second.
    func isOpen() async throws(StorageError) -> Bool {
        guard isLoopback, configuredDigest == nil else { return false }
        let known = opening.withLock { $0 }
        if !known.isOpen || .now < known.certainUntil { return known.isOpen }
        let isOpen = try await !store.hasKeys()
        opening.withLock { $0 = Opening(isOpen: isOpen, certainUntil: .now + .seconds(1)) }
        return isOpen
    }

    /// Who this key belongs to; nil for a key that is not in use.
    func caller(key: String) async throws(StorageError) -> Caller? {
        let digest = SecretToken.digest(of: key)
        if isConfigured(digest) { return .owner }
        guard let record = try await store.key(digest: digest) else { return nil }
        let now = Timestamp.now()
        if record.lastUsedAt.map({ now.seconds(since: $0) >= Self.noteSeconds }) ?? true {
            // A full disk must not lock anybody out.
            try? await store.keyUsed(id: record.id, at: now)
        }
        return Caller(scopes: record.scopes, keyName: record.name)
    }

    /// Who this cookie belongs to; nil when nobody signed in with it, or the session or its key has ended.
    func caller(session token: SecretToken) async throws(StorageError) -> Caller? {
        guard let session = try await store.session(digest: token.digest) else { return nil }
        let now = Timestamp.now()
        let idle = now.seconds(since: session.lastSeenAt)
        guard idle < Double(Self.idleSeconds),
            now.seconds(since: session.createdAt) < Double(Self.lifetimeSeconds)
        else { return nil }
        if idle >= Self.noteSeconds { try? await store.sessionSeen(digest: token.digest, at: now) }
        if let key = session.key { return Caller(scopes: key.scopes, keyName: key.name, isSession: true) }
        guard isConfigured(session.keyDigest) else { return nil }
        return Caller(scopes: Caller.owner.scopes, keyName: nil, isSession: true)
    }

    /// Begins a session of whoever has `key`; nil for a key that is not in use.
    ///
    /// The token is always a new one, so that a cookie which somebody planted beforehand never becomes a session.
    func signIn(key: String, replacing old: SecretToken?) async throws(StorageError) -> SecretToken? {
        guard try await caller(key: key) != nil else { return nil }
        let token = SecretToken()
        let now = Timestamp.now()
        try await store.createSession(
            digest: token.digest, keyDigest: SecretToken.digest(of: key), at: now,
            idleSince: now.adding(seconds: -Self.idleSeconds),
            madeBefore: now.adding(seconds: -Self.lifetimeSeconds), limit: Self.sessionsPerKey)
        if let old { try await store.deleteSession(digest: old.digest) }
        return token
    }

    /// Ends a session.
    func signOut(_ token: SecretToken) async throws(StorageError) {
        try await store.deleteSession(digest: token.digest)
    }

    /// Compares digests; where two of them differ tells nothing about the keys.
    private func isConfigured(_ digest: [UInt8]) -> Bool {
        guard let configuredDigest else { return false }
        return zip(configuredDigest, digest).reduce(configuredDigest.count ^ digest.count) {
            $0 | Int($1.0 ^ $1.1)
        } == 0
    }
}
