// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import SystemPackage
import TestSupport

/// A store on a database file of its own, and a second connection that sees and writes rows as other programs do.
struct StoreFixture {
    let folder: TemporaryDirectory
    let store: EventStore

    init() throws {
        folder = try TemporaryDirectory()
        store = try EventStore(path: folder.file("afterimage.sqlite").string)
    }

    /// Another program's connection, with foreign keys on.
    func connection() throws -> DatabaseQueue { try DatabaseQueue(path: store.path) }

    /// Runs SQL as another program.
    func execute(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try connection().write { try $0.execute(sql: sql, arguments: arguments) }
    }

    /// The first value of a query as another program sees it.
    func value(_ sql: String) throws -> String? {
        try connection().read { try String.fetchOne($0, sql: "SELECT CAST((\(sql)) AS TEXT)") }
    }

    /// Stores an event and returns its row.
    @discardableResult
    func insert(_ event: NewEvent) async throws -> Event {
        switch try await store.insert(event) {
        case .created(let stored), .existing(let stored): return stored
        case .conflict: throw Conflict()
        }
    }

    struct Conflict: Error {}
}

extension NewEvent {
    /// The event number `index`, one minute after the one before, at the front door.
    static func sample(
        _ index: Int = 0, cameraID: String = "front-door",
        thumbnail: StoredThumbnail = .inline(base64: "aGVsbG8=")
    ) -> NewEvent {
        NewEvent(
            id: UUID.numbered(index), cameraID: cameraID,
            timestamp: Timestamp(microseconds: 1_778_781_723_000_000).adding(seconds: index * 60),
            description: "A person at the door, number \(index)", confidence: index % 101,
            objectsDetected: [.person], thumbnail: thumbnail, contentDigest: "digest-\(index)",
            createdAt: Timestamp(microseconds: 1_778_790_000_000_000))
    }
}

extension UUID {
    /// The lower-case text of the UUID that ends in `number`.
    static func numbered(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }
}

extension Embedding {
    /// 512 coordinates that depend on `seed`.
    static func sample(_ seed: UInt64 = 1, version: ModelVersion = .standIn) -> Embedding {
        var generator = SeededGenerator(seed: seed)
        return Embedding(generator.floats(512), modelVersion: version)
    }
}
