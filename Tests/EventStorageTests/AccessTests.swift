// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import EventStorage

@Suite("Keys and sessions in the database")
struct AccessTests {
    private static func digest(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: 32) }

    @Test("a database of the version before gets the tables, and keeps what it has")
    func migration() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("afterimage.sqlite").string
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "v4")
        try await queue.write { try $0.execute(sql: "INSERT INTO cameras (id, name) VALUES ('c', 'C')") }
        try queue.close()
        let store = try EventStore(path: path)
        #expect(try await store.cameras().map(\.id) == ["c"])
        #expect(try await store.hasKeys() == false)
        _ = try await store.createKey(name: "a", scopes: [.read], digest: Self.digest(1))
        #expect(try await store.hasKeys())
        await store.close()
    }

    @Test("a key is found by its digest until it is revoked")
    func keys() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let made = try await store.createKey(name: "front", scopes: [.write, .read], digest: Self.digest(1))
        #expect(try await store.key(digest: Self.digest(1)) == made)
        #expect(try await store.key(digest: Self.digest(2)) == nil)
        #expect(try fixture.value("SELECT scopes FROM api_keys") == "read write")
        await #expect(throws: StorageError.keyExists(name: "front")) {
            try await store.createKey(name: "front", scopes: [.read], digest: Self.digest(2))
        }
        await #expect(throws: StorageError.self) {
            try await store.createKey(name: "other", scopes: [.read], digest: Self.digest(1))
        }
        let revoked = try await store.revokeKey("front")
        #expect(revoked?.id == made.id && revoked?.revokedAt != nil)
        #expect(try await store.key(digest: Self.digest(1)) == nil)
        #expect(try await store.revokeKey("front") == nil)
        #expect(try await store.revokeKey(made.id) == nil)
        #expect(try await store.keys().map(\.name) == ["front"])
    }

    @Test("an identifier goes before a name when a key is revoked")
    func ambiguity() async throws {
        let fixture = try StoreFixture()
        let first = try await fixture.store.createKey(name: "a", scopes: [.read], digest: Self.digest(1))
        _ = try await fixture.store.createKey(name: first.id, scopes: [.read], digest: Self.digest(2))
        #expect(try await fixture.store.revokeKey(first.id)?.id == first.id)
    }

    @Test("a session goes with its key, whoever revokes or deletes it")
    func sessions() async throws {
        let fixture = try StoreFixture()
        let store = fixture.store
        let now = Timestamp.now()
        for number: UInt8 in 1...2 {
            _ = try await store.createKey(name: "\(number)", scopes: [.read], digest: Self.digest(number))
            try await store.createSession(
                digest: Self.digest(10 + number), keyDigest: Self.digest(number), at: now,
                idleSince: now.adding(seconds: -60), madeBefore: now.adding(seconds: -60), limit: 5)
        }
        #expect(try await store.session(digest: Self.digest(11))?.key?.name == "1")
        try fixture.execute("UPDATE api_keys SET revoked_at = '2026-01-01 00:00:00' WHERE name = '1'")
        #expect(try await store.session(digest: Self.digest(11)) == nil)
        #expect(try await store.session(digest: Self.digest(12)) != nil)
        try fixture.execute("DELETE FROM api_keys WHERE name = '2'")
        #expect(try await store.session(digest: Self.digest(12)) == nil)
    }

    @Test("making a session deletes those that have ended and the oldest beyond the limit")
    func cleaning() async throws {
        let fixture = try StoreFixture()
        let start = Timestamp.now()
        for number: UInt8 in 1...6 {
            let moment = start.adding(seconds: Int(number) * 10)
            try await fixture.store.createSession(
                digest: Self.digest(number), keyDigest: Self.digest(100), at: moment,
                idleSince: moment.adding(seconds: -35), madeBefore: moment.adding(seconds: -1000), limit: 3)
        }
        let left =
            "SELECT group_concat(substr(hex(digest), 1, 2), ' ') FROM (SELECT * FROM page_sessions ORDER BY digest)"
        #expect(try fixture.value(left) == "04 05 06")
    }

    @Test(
        "admits no row that breaks a rule",
        arguments: [
            "INSERT INTO api_keys VALUES ('x', 'n', x'00', 'read', '', NULL, NULL)",
            "INSERT INTO api_keys VALUES ('x', '', randomblob(32), 'read', '', NULL, NULL)",
            "INSERT INTO api_keys VALUES ('x', 'n', randomblob(32), '', '', NULL, NULL)",
            "INSERT INTO api_keys VALUES ('', 'n', randomblob(32), 'read', '', NULL, NULL)",
            "INSERT INTO api_keys VALUES ('x', 'a', randomblob(32), 'read', '', NULL, NULL)",
            "INSERT INTO api_keys SELECT 'x', 'n', digest, 'read', '', NULL, NULL FROM api_keys",
            "INSERT INTO page_sessions VALUES (x'00', randomblob(32), '', '')",
            "INSERT INTO page_sessions VALUES (randomblob(32), 'text', '', '')",
        ])
    func constraints(sql: String) async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.store.createKey(name: "a", scopes: [.read], digest: Self.digest(1))
        #expect(throws: DatabaseError.self) { try fixture.execute(sql) }
    }

    @Test("a row that holds something else than expected gives nobody more than it says")
    func hostileRows() async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.store.createKey(name: "a", scopes: [.read], digest: Self.digest(1))
        let connection = try fixture.connection()
        try await connection.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = 1")
            try database.execute(
                sql: """
                    UPDATE api_keys SET name = 7, scopes = 'root admins ADMIN', created_at = x'ff', last_used_at = 1e300;
                    INSERT INTO page_sessions VALUES (zeroblob(32), 'text', 'x', 5);
                    """)
        }
        #expect(try await fixture.store.key(digest: Self.digest(1))?.scopes == [])
        let session = try await fixture.store.session(digest: Self.digest(0))
        #expect(session?.keyDigest == [] && session?.key == nil)
        #expect(session?.lastSeenAt == Timestamp(microseconds: 0))
    }
}
