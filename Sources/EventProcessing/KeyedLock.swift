// SPDX-License-Identifier: MIT

/// Lets one task at a time work under each key.
actor KeyedLock {
    private var queues: [String: [CheckedContinuation<Void, Never>]] = [:]

    /// Runs `work` while no other work runs under `key`.
    nonisolated func withLock<Value: Sendable, Failure: Error>(
        _ key: String, _ work: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await acquire(key)
        let result: Result<Value, Failure>
        do throws(Failure) { result = .success(try await work()) } catch { result = .failure(error) }
        await release(key)
        return try result.get()
    }

    private func acquire(_ key: String) async {
        guard queues[key] != nil else {
            queues[key] = []
            return
        }
        await withCheckedContinuation { queues[key, default: []].append($0) }
    }

    private func release(_ key: String) {
        guard var queue = queues[key], !queue.isEmpty else {
            queues[key] = nil
            return
        }
        let next = queue.removeFirst()
        queues[key] = queue
        next.resume()
    }
}
