// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Synchronization
internal import Tensors

/// The one writer of an index: reads what changed, one caller after the other.
actor IndexFollower {
    private var isBusy = false
    /// Who waits for the turn, which is handed from one to the next.
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isLoaded = false

    /// Vectors that are read and added in one go.
    private static let stepLength = 1024
    /// Changes up to which the log is followed however little is known yet.
    private static let fewChanges: Int64 = 10_000

    /// Brings the index in step with the store.
    func follow(_ index: SimilarityIndex) async throws(SimilarityError) {
        try await runAlone { () async throws(SimilarityError) in
            if await !self.isLoaded {
                try await Self.load(index)
                await self.setLoaded()
            }
            // The table is read in parallel, in the order of its rows; the log is followed event by event.
            guard try await !Self.isFarBehind(index), try await Self.followLog(index) else {
                return try await Self.readTable(index)
            }
        }
    }

    /// Reads the whole table again, unless that was done since `reading`, a value of ``SimilarityIndex/reading``.
    func rebuild(_ index: SimilarityIndex, unlessAfter reading: Int) async throws(SimilarityError) {
        try await runAlone { () async throws(SimilarityError) in
            guard index.reading.withLock({ $0 == reading }) else { return }
            try await Self.readTable(index)
        }
    }

    private func setLoaded() { isLoaded = true }

    private func runAlone(
        _ body: @escaping @Sendable () async throws(SimilarityError) -> Void
    ) async throws(SimilarityError) {
        // Who comes while the log is being read cannot know whether its own changes are in: it reads again.
        await takeTurn()
        defer { passTurn() }
        try await body()
    }

    private func takeTurn() async {
        guard isBusy else {
            isBusy = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func passTurn() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }

    /// Takes over what the cache keeps, where it is a cache of this database's history.
    private static func load(_ index: SimilarityIndex) async throws(SimilarityError) {
        guard let path = index.cachePath else { return }
        let read = await index.threads.run { _ in
            Result { () throws(VectorMemoryError) in try IndexCacheFile(path: path).read() }
        }
        do throws(VectorMemoryError) {
            guard let state = try read.get() else { return }
            index.savedPosition.withLock { $0 = state.position }
            index.state.withLock { $0 = state }
        } catch {
            throw .memory(error)
        }
    }

    /// Whether more changed than is known already, so that reading everything again takes less time.
    private static func isFarBehind(_ index: SimilarityIndex) async throws(SimilarityError) -> Bool {
        let (position, count) = index.state.withLock { ($0.position, $0.count) }
        do throws(StorageError) {
            let end = try await index.store.changePosition()
            return position.changes(to: end) > max(fewChanges, Int64(count))
        } catch {
            throw .storage(error)
        }
    }

    /// Follows the log to its end; false when it does not reach back far enough.
    private static func followLog(_ index: SimilarityIndex) async throws(SimilarityError) -> Bool {
        while true {
            let changes: EmbeddingChanges?
            let vectors: [StoredVector]
            do throws(StorageError) {
                let position = index.state.withLock { $0.position }
                changes = try await index.store.embeddingChanges(after: position, limit: stepLength)
                vectors = try await index.store.vectors(ofEvents: changes?.sequences ?? [])
            } catch {
                throw .storage(error)
            }
            guard let changes else { return false }
            // Also where no row names an event: another program's rows must not be read again and again.
            if let failure = await take(changes, vectors, into: index) { throw .memory(failure) }
            guard changes.hasMore else { return true }
        }
    }

    private static func take(
        _ changes: EmbeddingChanges, _ vectors: [StoredVector], into index: SimilarityIndex
    ) async -> VectorMemoryError? {
        guard !changes.sequences.isEmpty else {
            index.state.withLock { $0.position = changes.position }
            return nil
        }
        return await index.threads.run { _ in
            index.state.withLock { state in
                failing { () throws(VectorMemoryError) in
                    try state.update(events: changes.sequences, to: vectors)
                    state.position = changes.position
                }
            }
        }
    }

    /// Reads the whole table into a new state and puts it in place of the old one.
    private static func readTable(_ index: SimilarityIndex) async throws(SimilarityError) {
        let fresh = TableReading()
        do throws(StorageError) {
            // What changes from here on is in the log after this position.
            let position = try await index.store.changePosition()
            fresh.state.withLock { $0.position = position }
            try await fresh.read(try await index.store.vectorRows(inPartsOf: stepLength), from: index)
            // A server that stops does not wait for a reading that nobody will use.
            if Task.isCancelled { throw StorageError.closed }
        } catch {
            throw .storage(error)
        }
        if let failure = fresh.failure.withLock({ $0 }) { throw .memory(failure) }
        let state = fresh.state.withLock { $0 }
        index.state.withLock { $0 = state }
        index.reading.withLock { $0 += 1 }
        // The cache is of what was there before.
        index.savedPosition.withLock { $0 = nil }
        guard try await followLog(index) else { return }
    }

    fileprivate static func failing(_ body: () throws(VectorMemoryError) -> Void) -> VectorMemoryError? {
        do throws(VectorMemoryError) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}

/// A state that is being read from the table, in parts on several connections at once.
private final class TableReading: Sendable {
    let state = Mutex(IndexState())
    let failure = Mutex<VectorMemoryError?>(nil)

    func read(_ parts: [ClosedRange<Int64>], from index: SimilarityIndex) async throws(StorageError) {
        let cursor = SharedCursor(count: parts.count)
        let results = await withTaskGroup(of: Result<Void, StorageError>.self) { group in
            // One more than compute, as each waits for the disk and for its turn to add.
            for _ in 0..<3 {
                group.addTask {
                    do throws(StorageError) {
                        while !Task.isCancelled, let number = cursor.next() {
                            let vectors = try await index.store.vectors(inRows: parts[number])
                            await index.threads.run { _ in self.add(vectors) }
                        }
                        return .success(())
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var results: [Result<Void, StorageError>] = []
            for await result in group { results.append(result) }
            return results
        }
        for result in results { try result.get() }
    }

    private func add(_ vectors: [StoredVector]) {
        let failed = state.withLock { state in
            IndexFollower.failing { () throws(VectorMemoryError) in
                for vector in vectors { try state.insert(vector) }
            }
        }
        if let failed { failure.withLock { $0 = failed } }
    }
}
