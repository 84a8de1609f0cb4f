// SPDX-License-Identifier: MIT
internal import Synchronization

extension ThreadTeam {
    /// Calls `body` once for each of 0…`count` − 1, on all members, in any order.
    ///
    /// A member takes the next index when it is done with its last, so items of different cost balance. For work
    /// around the forward pass (decoding weights, preparing images); allocates a little.
    package func forEach(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        perform(IndexedJob(count: count, body: body))
    }
}

extension ThreadTeam {
    /// The results of `body` for 0…`count` − 1, in order, computed on all members.
    package func map<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] {
        let results = ResultSlots<Value>(count: count)
        forEach(count) { index in results.store(body(index), at: index) }
        return results.values
    }
}

private final class ResultSlots<Value: Sendable>: Sendable {
    private let slots: Mutex<[Value?]>

    init(count: Int) {
        slots = Mutex(Array(repeating: nil, count: count))
    }

    func store(_ value: Value, at index: Int) {
        slots.withLock { $0[index] = value }
    }

    var values: [Value] { slots.withLock { $0.compactMap(\.self) } }
}

private struct IndexedJob: TeamJob {
    let count: Int
    let body: @Sendable (Int) -> Void

    func run(as member: TeamMember) {
        while let index = member.claim(of: count) { body(index) }
    }
}
