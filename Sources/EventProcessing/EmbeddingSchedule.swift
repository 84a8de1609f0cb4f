// SPDX-License-Identifier: MIT
internal import EventStorage

/// Decides which event is embedded next, and sees to it that none is embedded by two workers at once.
///
/// Newest first among the events that arrived while the server runs, since the owner looks at those; what the
/// database still has from before comes after them, and rests while a client drives the backfill itself, so that
/// the counts which that client gets are of its own work.
///
/// The database is the queue: this actor only knows identifiers, and may forget them (``hasBacklog``).
actor EmbeddingSchedule {
    /// Events that arrived, the newest last.
    private var arrived: [String] = []
    private var claimed: Set<String> = []
    private var backlog: [String] = []
    private var hasBacklog = true
    private var backlogRestsUntil: ContinuousClock.Instant
    private var runningBatches = 0
    private var isClosed = false
    private var sleepers: [CheckedContinuation<Void, Never>] = []
    private var waiters: [String: [Int: AsyncStream<Never>.Continuation]] = [:]
    private var nextWaiter = 0

    /// Identifiers kept in memory; older ones are found again in the database.
    private let arrivedCapacity: Int
    private let backlogRest: Duration

    /// A schedule whose backlog waits `backlogRest` after the start and after each client's batch.
    init(arrivedCapacity: Int = 10_000, backlogRest: Duration) {
        self.arrivedCapacity = arrivedCapacity
        self.backlogRest = backlogRest
        backlogRestsUntil = .now + backlogRest
    }

    // MARK: - Arrivals

    /// A committed event wants its embedding.
    func arrive(_ eventID: String) {
        arrived.append(eventID)
        if arrived.count > arrivedCapacity {
            arrived.removeFirst(arrivedCapacity / 2)
            hasBacklog = true
        }
        wake()
    }

    /// The database may have waiting events that this actor does not know.
    func lookIntoBacklog() {
        hasBacklog = true
        wake()
    }

    // MARK: - Claims

    /// What a worker shall do next.
    enum Next: Sendable {
        case embed(String)
        /// Fill the backlog with ``offer(backlog:)`` and ask again.
        case fetchBacklog(excluding: Set<String>)
        /// Nothing to do; ask again after ``sleep()``.
        case rest
        case stop
    }

    /// The next event, claimed for the caller until ``release(_:)``.
    func next() -> Next {
        if isClosed { return .stop }
        while let id = arrived.popLast() {
            if claimed.insert(id).inserted { return .embed(id) }
        }
        guard runningBatches == 0, ContinuousClock.now >= backlogRestsUntil else { return .rest }
        while let id = backlog.popLast() {
            if claimed.insert(id).inserted { return .embed(id) }
        }
        guard hasBacklog else { return .rest }
        hasBacklog = false
        return .fetchBacklog(excluding: claimed)
    }

    /// Waiting events from the database, the newest first.
    func offer(backlog ids: [String], mayHaveMore: Bool) {
        backlog = ids.reversed()
        hasBacklog = hasBacklog || mayHaveMore
        if !ids.isEmpty { wake() }
    }

    /// Claims those of `ids` that nobody else has.
    func claim(_ ids: [String]) -> [String] {
        isClosed ? [] : ids.filter { claimed.insert($0).inserted }
    }

    /// What is claimed now.
    var claims: Set<String> { claimed }

    /// The event has been dealt with; whoever waits for it goes on.
    func release(_ eventID: String) {
        claimed.remove(eventID)
        for waiter in (waiters.removeValue(forKey: eventID) ?? [:]).values { waiter.finish() }
    }

    // MARK: - Batches of clients

    func batchBegins() { runningBatches += 1 }

    func batchEnds() {
        runningBatches -= 1
        backlogRestsUntil = .now + backlogRest
        hasBacklog = true
    }

    // MARK: - Waiting

    /// Waits until there may be something to do.
    func sleep() async {
        if isClosed || !arrived.isEmpty { return }
        await withCheckedContinuation { sleepers.append($0) }
    }

    /// Wakes the sleeping workers; also called by a clock, for the times this actor does not watch.
    func wake() {
        let sleeping = sleepers
        sleepers = []
        for continuation in sleeping { continuation.resume() }
    }

    /// A sequence that ends when the event has been dealt with.
    ///
    /// It is registered when this returns: look the event up afterwards, and no release is missed.
    func releases(of eventID: String) -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        guard !isClosed else {
            continuation.finish()
            return stream
        }
        let number = nextWaiter
        nextWaiter += 1
        waiters[eventID, default: [:]][number] = continuation
        continuation.onTermination = { _ in Task { await self.forget(number, of: eventID) } }
        return stream
    }

    private func forget(_ number: Int, of eventID: String) {
        waiters[eventID]?[number] = nil
        if waiters[eventID]?.isEmpty == true { waiters[eventID] = nil }
    }

    // MARK: - End

    /// Gives out no more work.
    func close() {
        isClosed = true
        wake()
        let waiting = waiters
        waiters = [:]
        for continuations in waiting.values {
            for continuation in continuations.values { continuation.finish() }
        }
    }

    /// Whether no more work is given out.
    var hasClosed: Bool { isClosed }
}
