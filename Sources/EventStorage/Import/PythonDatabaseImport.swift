// SPDX-License-Identifier: MIT
public import Embeddings
internal import GRDB

/// Takes cameras, events, pictures and embeddings over from a database of the Python system.
///
/// The source is only read. What is there already is left as it is, so an import can be run again after it was cut
/// off, or after the source has grown. A row that is not what its column says is counted and left; no row can stop
/// the import. Columns that the source lacks read as NULL, others than those known are ignored.
public struct PythonDatabaseImport: Sendable {
    /// The model version that the Python system writes, and its dimension.
    public static let publishedVersions: [ModelVersion: Int] = [ModelVersion("clip-ViT-B-32-v1"): 512]

    static let batch = 200

    let source: SourceDatabase
    let pictures: ThumbnailStore?
    let store: EventStore
    let thumbnails: ThumbnailStore
    let versions: [ModelVersion: Int]

    /// Prepares the import.
    ///
    /// - Parameters:
    ///   - path: The database file of the other system.
    ///   - directory: Its thumbnail directory; without one, pictures kept as files are not copied.
    ///   - store: Where rows go.
    ///   - thumbnails: Where pictures go.
    ///   - versions: Embeddings of these model versions are kept when they have this dimension.
    /// - Throws: ``ImportError`` when the source cannot be read or is something else.
    public init(
        path: String, thumbnails directory: String?, into store: EventStore, _ thumbnails: ThumbnailStore,
        keeping versions: [ModelVersion: Int] = publishedVersions
    ) throws(ImportError) {
        source = try SourceDatabase(path: path)
        do {
            pictures = try directory.map { try ThumbnailStore(existing: $0) }
        } catch {
            throw .storage(StorageError(error))
        }
        self.store = store
        self.thumbnails = thumbnails
        self.versions = versions
    }

    /// Takes everything over in small transactions.
    ///
    /// - Parameter progress: Told how many of how many rows were looked at, after each transaction.
    /// - Returns: What was taken over and what was left.
    /// - Throws: ``ImportError``; what was taken over before stays.
    public func run(
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws(ImportError) -> ImportSummary {
        let tables: [any ImportedTable] = [
            try ImportedCameras(self), try ImportedEvents(self), try ImportedEmbeddings(self),
        ]
        var summary = ImportSummary()
        var total = 0
        for table in tables { total += try count(table) }
        var done = 0
        for table in tables {
            var place = Int64.min
            while let rows = try nextRows(of: table, after: &place) {
                if Task.isCancelled { throw .cancelled }
                do {
                    try await table.take(rows, into: &summary)
                } catch {
                    throw .storage(error)
                }
                done += rows.count
                progress(done, max(done, total))
            }
        }
        return summary
    }

    private func count(_ table: any ImportedTable) throws(ImportError) -> Int {
        guard let sql = table.countSQL else { return 0 }
        return try source.fetch { try Row.fetchOne($0, sql: sql)?.integer(0) ?? 0 }
    }

    /// The rows after `place`, which moves on; nil at the end.
    ///
    /// The first column is the place.
    private func nextRows(of table: any ImportedTable, after place: inout Int64) throws(ImportError) -> [Row]?
    {
        guard let sql = table.rowsSQL else { return nil }
        let start = place
        let rows = try source.fetch { try Row.fetchAll($0, sql: sql, arguments: [start, Self.batch]) }
        guard let last = rows.last?.integer(0).map(Int64.init), last > place else { return nil }
        place = last
        return rows
    }
}
