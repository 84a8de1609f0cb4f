// SPDX-License-Identifier: MIT
package import EventStorage

/// Deletes the files of events that are gone, as the journal names them.
///
/// What cannot be deleted stays in the journal, and does not hold up the others.
package struct ThumbnailDeletion: Sendable {
    /// What came of a run.
    package struct Outcome: Sendable {
        /// Files that are gone.
        package var count = 0
        /// Files that could not be deleted, and why the first of them could not.
        package var failedCount = 0
        package var firstError: StorageError?
    }

    private let store: EventStore
    private let thumbnails: ThumbnailStore
    /// Events that are being stored, whose files may be back already.
    private let identifiers: KeyedLock

    /// Files that are read from the journal at once.
    private static let pageSize = 100

    /// A deletion by a process that stores no events.
    package init(store: EventStore, thumbnails: ThumbnailStore) {
        self.init(store: store, thumbnails: thumbnails, identifiers: KeyedLock())
    }

    init(store: EventStore, thumbnails: ThumbnailStore, identifiers: KeyedLock) {
        self.store = store
        self.thumbnails = thumbnails
        self.identifiers = identifiers
    }

    /// Goes through the journal once.
    ///
    /// - Throws: ``StorageError`` of the database.
    package func run() async throws(StorageError) -> Outcome {
        var outcome = Outcome()
        var last = ""
        while true {
            let files = try await store.filesToDelete(after: last, limit: Self.pageSize)
            guard let end = files.last else { return outcome }
            var gone: [String] = []
            for file in files {
                do throws(StorageError) {
                    if try await delete(file) { gone.append(file) }
                } catch {
                    outcome.failedCount += 1
                    outcome.firstError = outcome.firstError ?? error
                }
            }
            if !gone.isEmpty { try await store.filesDeleted(gone) }
            outcome.count += gone.count
            last = end
        }
    }

    /// - Returns: False when an event has the file again.
    private func delete(_ file: String) async throws(StorageError) -> Bool {
        guard let location = thumbnails.resolve(file) else { return true }
        let name = location.name.prefix { $0 != "." }
        return try await identifiers.withLock(String(name)) { () async throws(StorageError) in
            guard try await store.thumbnailFiles(among: [file]).isEmpty else { return false }
            _ = try await FileWork.run { () throws(StorageError) in try thumbnails.delete(location) }
            return true
        }
    }
}
