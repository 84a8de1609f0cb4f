// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// Keys that let programs and people in.
///
/// The store never sees a key, only its SHA-256, 32 bytes.
extension EventStore {
    static let keyColumns = "id, name, scopes, created_at, last_used_at, revoked_at"

    /// Adds a key.
    ///
    /// - Parameters:
    ///   - name: 1…100 characters.
    ///   - scopes: At least one.
    ///   - digest: SHA-256 of the key.
    ///   - moment: When it was made.
    /// - Returns: What the database keeps of it.
    /// - Throws: `keyExists` when a key in use has this name.
    public func createKey(
        name: String, scopes: Set<AccessScope>, digest: [UInt8], at moment: Timestamp = .now()
    ) async throws(StorageError) -> AccessKeyRecord {
        let record = AccessKeyRecord(
            id: UUID().uuidString.lowercased(), name: name, scopes: scopes, createdAt: moment,
            lastUsedAt: nil, revokedAt: nil)
        return try await writes.write { database in
            let isTaken = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM api_keys WHERE name = ? AND revoked_at IS NULL)",
                arguments: [name])
            if isTaken == true { throw StorageError.keyExists(name: name) }
            try database.execute(
                sql: "INSERT INTO api_keys (id, name, digest, scopes, created_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [record.id, name, Data(digest), Self.text(of: scopes), moment.sqlText])
            return record
        }
    }

    /// All keys, revoked ones too, the oldest first.
    public func keys() async throws(StorageError) -> [AccessKeyRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT \(Self.keyColumns) FROM api_keys ORDER BY created_at, id"
            ).map { Self.key($0) }
        }
    }

    /// Whether a key was ever made here, revoked or not.
    public func hasKeys() async throws(StorageError) -> Bool {
        try await read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM api_keys)") ?? false
        }
    }

    /// The key in use with this SHA-256.
    public func key(digest: [UInt8]) async throws(StorageError) -> AccessKeyRecord? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT \(Self.keyColumns) FROM api_keys WHERE digest = ? AND revoked_at IS NULL",
                arguments: [Data(digest)]
            ).map { Self.key($0) }
        }
    }

    /// Revokes the key in use with this identifier or name, and ends its sessions; nil when there is none.
    public func revokeKey(
        _ idOrName: String, at moment: Timestamp = .now()
    ) async throws(StorageError) -> AccessKeyRecord? {
        try await writes.write { database in
            try Row.fetchOne(
                database,
                sql: """
                    UPDATE api_keys SET revoked_at = ?
                    WHERE id = (
                        SELECT id FROM api_keys WHERE (id = ? OR name = ?) AND revoked_at IS NULL
                        ORDER BY id = ? DESC LIMIT 1)
                    RETURNING \(Self.keyColumns)
                    """, arguments: [moment.sqlText, idOrName, idOrName, idOrName]
            ).map { Self.key($0) }
        }
    }

    /// Notes that a key was used.
    public func keyUsed(id: String, at moment: Timestamp) async throws(StorageError) {
        try await writes.write { database in
            try database.execute(
                sql: "UPDATE api_keys SET last_used_at = ? WHERE id = ?", arguments: [moment.sqlText, id])
        }
    }

    /// The key in `row`, whose columns from `first` are those of ``keyColumns``.
    static func key(_ row: Row, from first: Int = 0) -> AccessKeyRecord {
        let scopes = (row.text(first + 2) ?? "").split(separator: " ").compactMap {
            AccessScope(rawValue: String($0))
        }
        return AccessKeyRecord(
            id: row.text(first) ?? "", name: row.text(first + 1) ?? "", scopes: Set(scopes),
            createdAt: row.timestamp(first + 3) ?? Timestamp(microseconds: 0),
            lastUsedAt: row.timestamp(first + 4), revokedAt: row.timestamp(first + 5))
    }

    private static func text(of scopes: Set<AccessScope>) -> String {
        AccessScope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: " ")
    }
}
