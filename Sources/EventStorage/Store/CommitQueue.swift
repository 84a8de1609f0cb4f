// SPDX-License-Identifier: MIT
internal import GRDB
internal import Synchronization

/// The one way to write: work that waits while a transaction commits is committed together in the next one.
///
/// Every commit waits for the disk. With one transaction each, the disk would limit the number of writes a second;
/// so each write is a savepoint of a shared transaction, has its own outcome, and is answered after the commit. When
/// the whole transaction is lost (a full disk undoes all of it), each write is tried once more on its own.
///
/// Writes run on the connection's own queue, never on the cooperative threads, and are not cancelled half-way.
final class CommitQueue: Sendable {
    private struct State {
        var waiting: [any QueuedWrite] = []
        var isDraining = false
        var isClosed = false
    }

    private static let largestGroup = 256

    private let pool: DatabasePool
    private let state = Mutex(State())

    init(pool: DatabasePool) {
        self.pool = pool
    }

    /// Runs `body` in a transaction shared with others; returns when it is on disk.
    ///
    /// `body` may run twice, the first time undone; it must have no effect outside the database.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        try await enqueue(isAlone: false, body)
    }

    /// Runs `body` outside of any transaction.
    func writeAlone<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        try await enqueue(isAlone: true, body)
    }

    /// Refuses further writes; what waits is still written.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    private func enqueue<Value: Sendable>(
        isAlone: Bool, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
            let write = PendingWrite(isAlone: isAlone, body: body) { continuation.resume(returning: $0) }
            if !accept(write) { write.answer(.closed) }
        }
        return try result.get()
    }

    private func accept(_ write: any QueuedWrite) -> Bool {
        let (isAccepted, mustStart) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.waiting.append(write)
            defer { state.isDraining = true }
            return (true, !state.isDraining)
        }
        if mustStart { pool.asyncWriteWithoutTransaction { self.drain($0) } }
        return isAccepted
    }

    private func drain(_ database: Database) {
        while let group = nextGroup() {
            if let first = group.first, first.isAlone {
                first.run(database)
                first.answer(nil)
            } else {
                Self.commit(group, to: database)
            }
            // Only after an input/output error can a transaction be left open.
            if database.isInsideTransaction { try? database.rollback() }
        }
    }

    private func nextGroup() -> [any QueuedWrite]? {
        state.withLock { state in
            guard let first = state.waiting.first else {
                state.isDraining = false
                return nil
            }
            let shared = state.waiting.prefix(Self.largestGroup).prefix { !$0.isAlone }
            let group = first.isAlone ? [first] : Array(shared)
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private static func commit(_ group: [any QueuedWrite], to database: Database) {
        do {
            try database.inTransaction(.immediate) {
                for write in group { try run(write, in: database) }
                return .commit
            }
            for write in group { write.answer(nil) }
        } catch {
            guard group.count > 1 else { return group.forEach { $0.answer(StorageError(error)) } }
            for write in group { commit([write], to: database) }
        }
    }

    /// Runs `write` in a savepoint, which its own failure undoes; throws when the transaction around it is gone.
    private static func run(_ write: any QueuedWrite, in database: Database) throws {
        do {
            try database.inSavepoint {
                write.run(database)
                if let failure = write.failure { throw failure }
                return .commit
            }
        } catch {
            guard database.isInsideTransaction, write.failure != nil else { throw error }
        }
    }
}
