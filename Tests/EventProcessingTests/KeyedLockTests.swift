// SPDX-License-Identifier: MIT
import Synchronization
import Testing

@testable import EventProcessing

@Suite("Work under a key")
struct KeyedLockTests {
    @Test("runs one at a time under the same key, and at once under different keys")
    func exclusion() async {
        let lock = KeyedLock()
        let state = Mutex<(inside: [String: Int], worst: Int)>(([:], 0))
        await withTaskGroup { group in
            for index in 0..<200 {
                group.addTask {
                    let key = "\(index % 4)"
                    await lock.withLock(key) {
                        state.withLock {
                            $0.inside[key, default: 0] += 1
                            $0.worst = max($0.worst, $0.inside[key] ?? 0)
                        }
                        await Task.yield()
                        state.withLock { $0.inside[key, default: 0] -= 1 }
                    }
                }
            }
        }
        #expect(state.withLock { $0.worst } == 1)
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
