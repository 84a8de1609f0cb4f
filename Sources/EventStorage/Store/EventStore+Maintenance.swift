// SPDX-License-Identifier: MIT
internal import GRDB

extension EventStore {
    /// Finds out whether the database takes writes, by a real one that is on disk when this returns.
    public func probeWritable() async throws(StorageError) {
        try await writes.write { database in
            try database.execute(sql: "UPDATE write_probe SET count = (count + 1) & 0xFFFF WHERE id = 1")
        }
    }
}
