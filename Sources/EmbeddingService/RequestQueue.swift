// SPDX-License-Identifier: MIT
internal import Foundation

/// The bounded line in front of the worker: tasks append, one thread takes.
final class RequestQueue<Input: Sendable> {
    private let condition = NSCondition()
    private let capacity: Int
    private var waiting: [EmbeddingRequest<Input>] = []
    private var isClosed = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Requests waiting now.
    var count: Int { condition.withLock { waiting.count } }

    /// Adds `requests` at the end together, so that the worker meets them as one batch; answers those it cannot take.
    func append(_ requests: [EmbeddingRequest<Input>]) {
        var refusal = EmbeddingError.queueFull(capacity: capacity)
        let refused = condition.withLock {
            guard !isClosed else {
                refusal = .shutDown
                return requests[...]
            }
            let accepted = requests.prefix(capacity - waiting.count)
            waiting += accepted
            condition.signal()
            return requests[accepted.endIndex...]
        }
        for request in refused { request.answer(.failure(refusal)) }
    }

    /// Takes the requests of `caller` out, except those the worker has, and answers them as cancelled.
    func cancel(_ caller: UUID) {
        let cancelled = condition.withLock {
            let cancelled = waiting.filter { $0.caller == caller }
            waiting.removeAll { $0.caller == caller }
            return cancelled
        }
        for request in cancelled { request.answer(.failure(.cancelled)) }
    }

    /// Waits for requests and takes the first `limit` of them; none when `patience` ends, nil once the queue is closed.
    func take(atMost limit: Int, within patience: Duration? = nil) -> [EmbeddingRequest<Input>]? {
        let deadline = patience.map { Date(timeIntervalSinceNow: $0.seconds) }
        return condition.withLock {
            while waiting.isEmpty && !isClosed && wait(until: deadline) {}
            if isClosed { return nil }
            let batch = Array(waiting.prefix(limit))
            waiting.removeFirst(batch.count)
            return batch
        }
    }

    /// Waits for a signal; false when `deadline` comes first.
    private func wait(until deadline: Date?) -> Bool {
        if let deadline { return condition.wait(until: deadline) }
        condition.wait()
        return true
    }

    /// Refuses everything from now on and answers what waits.
    func close() {
        let left = condition.withLock {
            isClosed = true
            defer { waiting = [] }
            condition.broadcast()
            return waiting
        }
        for request in left { request.answer(.failure(.shutDown)) }
    }
}

// `waiting` and `isClosed` are read and written only while `condition` is locked; `capacity` never changes. Without
// the lock, two tasks could append at once and lose a request, whose caller would then wait for ever.
extension RequestQueue: @unchecked Sendable {}
