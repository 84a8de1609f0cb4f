// SPDX-License-Identifier: MIT
package import EventStorage
internal import Synchronization
internal import Tensors

/// Exact search over the vectors of all events, in memory and always in step with the store.
///
/// The table of embeddings is the truth. The index is read from it, or from a file beside the database, and follows
/// the log of changes before each search, so what a search sees is what the store had when it began, whoever wrote it.
/// Searches use a copy of the index's description while events come and go; the vectors themselves are shared. Only
/// reading the whole table, at a start without a cache, makes them wait.
package final class SimilarityIndex: Sendable {
    let store: EventStore
    let cachePath: String?
    let state = Mutex(IndexState())
    /// Up to where the cache goes; nil while there is none.
    let savedPosition = Mutex<ChangePosition?>(nil)
    /// How often the whole table was read.
    let reading = Mutex(0)
    let threads: SearchThreads
    let backgrounds = BackgroundCache()
    private let follower = IndexFollower()
    private let onSearch: (@Sendable (SearchRecord) -> Void)?

    /// - Parameters:
    ///   - store: The open database.
    ///   - cachePath: A file beside the database; nil for none.
    ///   - threadCount: Threads of one search.
    ///   - onSearch: Called after each search.
    package init(
        store: EventStore, cachePath: String?, threadCount: Int,
        onSearch: (@Sendable (SearchRecord) -> Void)? = nil
    ) {
        self.store = store
        self.cachePath = cachePath
        self.onSearch = onSearch
        threads = SearchThreads(threadCount: threadCount)
    }

    /// Brings the index in step with the store; the first time it is read from the cache or the table.
    package func follow() async throws(SimilarityError) {
        try await follower.follow(self)
    }

    /// Reads the whole table again, where what is in memory was found to be damaged.
    func rebuild() async throws(SimilarityError) {
        try await follower.rebuild(self, unlessAfter: reading.withLock { $0 })
    }

    /// What a search found.
    package struct Outcome: Sendable {
        /// Best first.
        package var neighbors: [Neighbor] = []
        /// Events that the filter let pass, with a vector that can be compared.
        package var comparedCount = 0
        /// Whether nothing found is at least similar.
        package var hasNoCloseMatch: Bool { neighbors.allSatisfy { $0.likeness.word == .weak } }
    }

    /// What is compared with the events' pictures.
    package enum QueryKind: String, CaseIterable, Sendable {
        /// The picture of an event.
        case event
        /// A picture that is no event's.
        case image
        /// Words, or words and a picture.
        case text
    }

    /// One search, for statistics.
    package struct SearchRecord: Sendable {
        package let kind: QueryKind
        /// From the call to the answer, waiting for the turn included.
        package let duration: Duration
        /// Events that were compared.
        package let comparedCount: Int
    }

    /// The events whose vectors have the largest cosine with a vector.
    ///
    /// - Parameters:
    ///   - values: The vector to compare with, of any length.
    ///   - version: The weights that made it; vectors of others are not compared.
    ///   - kind: What the vector stands for, which decides what a cosine means.
    ///   - filter: Which events are compared.
    ///   - limit: Number of events, at most.
    ///   - minimum: The least cosine.
    /// - Returns: Exactly what a comparison with every event in double precision finds: best first, of equals the
    ///   newest first.
    /// - Throws: ``SimilarityError``.
    /// - Complexity: One byte of memory a number; 100,000 events of 512 numbers take 3 ms on two cores.
    package func search(
        _ values: [Float], version: String, kind: QueryKind = .event, filter: SimilarityFilter = .init(),
        limit: Int, minimum: Double = -1
    ) async throws(SimilarityError) -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let outcome = try await find(
            values, version: version, kind: kind, filter: filter, limit: limit, minimum: minimum)
        onSearch?(
            SearchRecord(
                kind: kind, duration: begin.duration(to: clock.now), comparedCount: outcome.comparedCount))
        return outcome
    }

    private func find(
        _ values: [Float], version: String, kind: QueryKind, filter: SimilarityFilter, limit: Int,
        minimum: Double
    ) async throws(SimilarityError) -> Outcome {
        guard let query = VectorQuery(values) else { throw .noDirection }
        for _ in 0..<2 {
            try await follow()
            let reading = reading.withLock { $0 }
            let (found, cameras) = state.withLock {
                ($0.space(version: version, dimension: values.count), $0.cameras)
            }
            guard let space = found else { return Outcome() }
            let backgrounds = backgrounds
            let search = SimilaritySearch(
                space: space, query: query, rows: RowFilter(filter, space: space, cameras: cameras),
                limit: limit,
                minimum: minimum)
            let (outcome, isDamaged) = await threads.run { team in
                let found = search.run(on: team)
                return (
                    Self.describe(found, search, kind, backgrounds, cameras), !found.damaged.isEmpty
                )
            }
            guard isDamaged else { return outcome }
            try await follower.rebuild(self, unlessAfter: reading)
        }
        return Outcome()
    }

    private static func describe(
        _ found: SimilaritySearch.Outcome, _ search: SimilaritySearch, _ kind: QueryKind,
        _ backgrounds: BackgroundCache, _ cameras: CameraNumbers
    ) -> Outcome {
        let (space, chunks) = (search.space, search.space.chunks)
        let seen = Set(found.hits.map { chunks[$0.chunk].cameras[$0.row] })
        let known: [Int32: CosineBackground] =
            switch kind {
            case .event, .image: backgrounds.pairs(of: seen, cameras, in: space)
            case .text: BackgroundSamples.cosines(of: search.query, cameras: seen, in: space)
            }
        let neighbors = found.hits.compactMap { hit -> Neighbor? in
            guard let background = known[chunks[hit.chunk].cameras[hit.row]] else { return nil }
            let likeness =
                switch kind {
                case .event, .image: Likeness(pictureCosine: hit.cosine, background: background)
                case .text: Likeness(textCosine: hit.cosine, background: background)
                }
            return Neighbor(
                sequence: hit.sequence, timestamp: hit.timestamp, cosine: hit.cosine, likeness: likeness)
        }
        return Outcome(neighbors: neighbors, comparedCount: found.comparedCount)
    }
}
