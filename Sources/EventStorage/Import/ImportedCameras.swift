// SPDX-License-Identifier: MIT
internal import GRDB

/// The cameras of the source.
struct ImportedCameras: ImportedTable {
    static let name = "cameras"
    static let columns = ["id", "name", "created_at"]
    static let requiredColumns: [String] = []

    let found: Set<String>
    private let store: EventStore

    init(_ job: PythonDatabaseImport) throws(ImportError) {
        found = try Self.foundColumns(in: job.source)
        store = job.store
    }

    func take(_ rows: [Row], into summary: inout ImportSummary) async throws(StorageError) {
        var cameras: [Camera] = []
        for row in rows {
            guard let id = row.text(1), !id.isEmpty else {
                summary.cameras.skip("malformed_id")
                continue
            }
            cameras.append(Camera(id: id, name: row.text(2) ?? id, createdAt: row.timestamp(3) ?? .now()))
        }
        let taken = cameras
        let added = try await store.writes.write { database in
            try taken.reduce(0) { try $0 + (EventStore.insertCamera($1, into: database) ? 1 : 0) }
        }
        summary.cameras.added += added
        for _ in 0..<(cameras.count - added) { summary.cameras.skip("exists") }
    }
}
