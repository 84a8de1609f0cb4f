// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

extension EventStore {
    /// Adds a camera; without `id` it gets a UUID.
    ///
    /// - Throws: `cameraExists` when the identifier is taken.
    public func createCamera(
        id: String? = nil, name: String, at moment: Timestamp = .now()
    ) async throws(StorageError) -> Camera {
        let camera = Camera(id: id ?? UUID().uuidString.lowercased(), name: name, createdAt: moment)
        return try await writes.write { database in
            guard try Self.insertCamera(camera, into: database) else {
                throw StorageError.cameraExists(id: camera.id)
            }
            return camera
        }
    }

    /// All cameras by name.
    public func cameras() async throws(StorageError) -> [Camera] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT id, name, created_at FROM cameras ORDER BY name, id")
                .map(Self.camera)
        }
    }

    /// The camera with this identifier.
    public func camera(id: String) async throws(StorageError) -> Camera? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT id, name, created_at FROM cameras WHERE id = ?", arguments: [id]
            ).map(Self.camera)
        }
    }

    /// Adds `camera` unless its identifier is taken; returns whether it was added.
    static func insertCamera(_ camera: Camera, into database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO cameras (id, name, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING")
        try statement.execute(arguments: [camera.id, camera.name, camera.createdAt.sqlText])
        return database.changesCount > 0
    }

    private static func camera(_ row: Row) -> Camera {
        let id = row.text(0) ?? ""
        return Camera(
            id: id, name: row.text(1) ?? id, createdAt: row.timestamp(2) ?? Timestamp(microseconds: 0))
    }
}
