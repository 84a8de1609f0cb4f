// SPDX-License-Identifier: MIT
internal import GRDB
internal import Synchronization

/// A write in the queue, whatever it returns.
protocol QueuedWrite: AnyObject, Sendable {
    /// Whether it must run outside of any transaction.
    var isAlone: Bool { get }
    /// Why its last run failed.
    var failure: StorageError? { get }
    /// Does the work and keeps its outcome.
    func run(_ database: Database)
    /// Tells the caller the outcome, or `error` when the outcome did not reach the disk.
    func answer(_ error: StorageError?)
}

/// A write and the caller that waits for it.
final class PendingWrite<Value: Sendable>: QueuedWrite {
    let isAlone: Bool
    private let body: @Sendable (Database) throws -> Value
    private let reply: @Sendable (Result<Value, StorageError>) -> Void
    private let outcome = Mutex<Result<Value, StorageError>>(.failure(.closed))

    init(
        isAlone: Bool, body: @escaping @Sendable (Database) throws -> Value,
        reply: @escaping @Sendable (Result<Value, StorageError>) -> Void
    ) {
        self.isAlone = isAlone
        self.body = body
        self.reply = reply
    }

    var failure: StorageError? {
        outcome.withLock { outcome in
            if case .failure(let error) = outcome { error } else { nil }
        }
    }

    func run(_ database: Database) {
        let result = Result { try body(database) }.mapError { StorageError($0) }
        outcome.withLock { $0 = result }
    }

    func answer(_ error: StorageError?) {
        reply(error.map { .failure($0) } ?? outcome.withLock { $0 })
    }
}
