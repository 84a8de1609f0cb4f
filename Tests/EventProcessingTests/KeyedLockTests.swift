// SPDX-License-Identifier: MIT
import Synchronization
import Testing

@testable import EventProcessing

/// Who is inside under which key, and how many were at once.
private final class Presence: Sendable {
    private let counts = Mutex<[String: Int]>([:])
    private let most = Mutex(0)

    var worst: Int { most.withLock { $0 } }

    func enter(_ key: String) {
        let count = counts.withLock { counts in
            counts[key, default: 0] += 1
            return counts[key] ?? 0
        }
        most.withLock { $0 = max($0, count) }
    }

    func leave(_ key: String) {
        counts.withLock { $0[key, default: 0] -= 1 }
    }
}

@Suite("Work under a key")
struct KeyedLockTests {
    @Test("runs one at a time under the same key, and at once under different keys")
    func exclusion() async {
        let lock = KeyedLock()
        let state = Presence()
        await withTaskGroup { group in
            for index in 0..<200 {
                group.addTask {
                    let key = "\(index % 4)"
                    await lock.withLock(key) {
                        state.enter(key)
                        await Task.yield()
                        state.leave(key)
                    }
                }
            }
        }
        #expect(state.worst == 1)
    }

    @Test("lets the next one in after an error")
    func errors() async {
        struct Refusal: Error {}
        let lock = KeyedLock()
        await #expect(throws: Refusal.self) {
            try await lock.withLock("key") { () async throws(Refusal) in throw Refusal() }
        }
        #expect(await lock.withLock("key") { 1 } == 1)
    }
}
