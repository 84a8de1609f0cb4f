// SPDX-License-Identifier: MIT
internal import Foundation

/// The bounded line in front of the worker: tasks append, one thread takes.
final class RequestQueue {
    private let condition = NSCondition()
    private let capacity: Int
    private var waiting: [EmbeddingRequest] = []
    private var isClosed = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Requests waiting now.
    var count: Int { condition.withLock { waiting.count } }

    /// Adds `request` at the end; returns why not, if it cannot be taken.
    func append(_ request: EmbeddingRequest) -> EmbeddingError? {
        condition.withLock {
            if isClosed { return .shutDown }
            if waiting.count >= capacity { return .queueFull(capacity: capacity) }
            waiting.append(request)
            condition.signal()
            return nil
        }
    }

    /// Takes the request `id` out, unless the worker has it.
    func remove(_ id: UUID) -> EmbeddingRequest? {
        condition.withLock {
            guard let index = waiting.firstIndex(where: { $0.id == id }) else { return nil }
            return waiting.remove(at: index)
        }
    }

    /// Waits for requests and takes the first `limit` of them; nil once the queue is closed.
    func take(atMost limit: Int) -> [EmbeddingRequest]? {
        condition.withLock {
            while waiting.isEmpty && !isClosed { condition.wait() }
            if isClosed { return nil }
            let batch = Array(waiting.prefix(limit))
            waiting.removeFirst(batch.count)
            return batch
        }
    }

    /// Refuses everything from now on and answers what waits.
    func close() {
        let left = condition.withLock {
            isClosed = true
            defer { waiting = [] }
            condition.broadcast()
            return waiting
        }
        for request in left { request.answer.resume(returning: .failure(.shutDown)) }
    }
}

// `waiting` and `isClosed` are read and written only while `condition` is locked; `capacity` never changes. Without
// the lock, two tasks could append at once and lose a request, whose caller would then wait for ever.
extension RequestQueue: @unchecked Sendable {}
