// SPDX-License-Identifier: MIT
internal import Dispatch
internal import Tensors

/// Where searches run: one after the other, each on all threads, never on Swift's cooperative pool.
final class SearchThreads: Sendable {
    private let queue = DispatchQueue(label: "afterimage.search", qos: .userInitiated)
    private let files = DispatchQueue(label: "afterimage.search.files", qos: .utility)
    private let team: ThreadTeam

    init(threadCount: Int) {
        team = ThreadTeam(memberCount: threadCount)
    }

    /// Runs `body` with the team and returns what it returns.
    func run<Value: Sendable>(_ body: @escaping @Sendable (ThreadTeam) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { [team] in continuation.resume(returning: body(team)) }
        }
    }

    /// Runs work with large files, for which no search waits.
    func runAside<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            files.async { continuation.resume(returning: body()) }
        }
    }
}
