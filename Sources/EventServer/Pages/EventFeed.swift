// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization

/// `/api/v1/stream`: tells who listens that there is something new, by server-sent events.
///
/// It says that, not what: the page asks again for what it shows. The store is looked at once in a while for all
/// listeners together, so that rows which another process wrote are seen as well.
actor EventFeed {
    private let store: EventStore
    private var position: FeedPosition?
    private var takenAt = ContinuousClock.now
    private let listeners = Listeners()

    private static let interval = Duration.milliseconds(500)
    /// Steps between two signs of life.
    private static let stepsToHeartbeat = 20
    /// Steps after which a stream ends, before the limit on responses cuts it; browsers connect again.
    private static let longestSteps = 480
    private static let mostListeners = 32

    init(store: EventStore) {
        self.store = store
    }

    nonisolated var endpoints: [Endpoint] {
        [Endpoint(.get, "/api/v1/stream", Self.operation, answer: answer)]
    }

    @Sendable private nonisolated func answer(_ request: Request, _ context: APIContext) async throws
        -> Response
    {
        guard let place = listeners.place(of: Self.mostListeners) else {
            throw Problem.busy("Too many pages listen already.")
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                try await self.write(&writer)
                try await writer.finish(nil)
            })
    }

    /// Counts who listens.
    private final class Listeners: Sendable {
        private let count = Mutex(0)

        /// A place among `most`, taken until it is let go of; nil when all are.
        func place(of most: Int) -> Place? {
            let isFree = count.withLock { count in
                guard count < most else { return false }
                count += 1
                return true
            }
            return isFree ? Place(self) : nil
        }

        fileprivate func leave() { count.withLock { $0 -= 1 } }
    }

    /// A listener's place; it is free again when nobody holds this any more, also when the body was never asked for, as for
    /// HEAD and for clients that go before the answer.
    private final class Place: Sendable {
        private let listeners: Listeners

        init(_ listeners: Listeners) { self.listeners = listeners }

        deinit { listeners.leave() }
    }

    private nonisolated func write(_ writer: inout any ResponseBodyWriter) async throws {
        var last = await look()
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n" + Self.message("hello", last)))
        for step in 1..<Self.longestSteps {
            if Task.isShuttingDownGracefully || Task.isCancelled { return }
            try? await Task.sleep(for: Self.interval)
            let now = await look()
            if now != last {
                try await writer.write(ByteBuffer(string: Self.changes(from: last, to: now)))
                last = now
            } else if step % Self.stepsToHeartbeat == 0 {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
            }
        }
    }

    /// The position, at most half an interval old; the last one known while the store cannot be read.
    private func look() async -> FeedPosition? {
        if position != nil, takenAt.duration(to: .now) < Self.interval / 2 { return position }
        takenAt = .now
        if let fresh = try? await store.feedPosition() { position = fresh }
        return position
    }

    private static func changes(from last: FeedPosition?, to now: FeedPosition?) -> String {
        var text = ""
        if last?.newestEvent != now?.newestEvent { text += message("events", now) }
        if last?.lastChange != now?.lastChange || last?.pendingCount != now?.pendingCount
            || last?.failedCount != now?.failedCount
        {
            text += message("index", now)
        }
        if last?.lastDecision != now?.lastDecision { text += message("visitors", now) }
        return text
    }

    private static func message(_ name: String, _ position: FeedPosition?) -> String {
        let data: JSONValue = [
            "newest_event": .integer(position?.newestEvent ?? 0),
            "last_change": .integer(position?.lastChange ?? 0),
            "pending": .integer(Int64(position?.pendingCount ?? 0)),
            "failed": .integer(Int64(position?.failedCount ?? 0)),
        ]
        return "event: \(name)\ndata: \(String(decoding: data.serialized(), as: UTF8.self))\n\n"
    }

    private static let operation = Operation(
        name: "stream", tag: "Events", summary: "Signs of change, as server-sent events",
        description:
            "`hello` at first, then `events` when events have come, `index` when embeddings have changed, `visitors` when "
            + "the owner decided something. The data is an object with numbers to compare; what has changed is asked "
            + "for with the other operations. Ends after four minutes; clients connect again.",
        answers: [
            .init(
                status: 200, description: "The stream.",
                content: [("text/event-stream", Schema.string())])
        ])
}
