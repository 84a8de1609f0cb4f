// SPDX-License-Identifier: MIT
package import EventStorage
internal import Synchronization
internal import Tensors

/// Exact search over the vectors of all events, in memory and always in step with the store.
///
/// The table of embeddings is the truth. The index is read from it, or from a file beside the database, and follows
/// the log of changes before each search, so what a search sees is what the store had when it began, whoever wrote it.
/// Searches use a copy of the index's description and never wait for a writer; the vectors themselves are shared.
package final class SimilarityIndex: Sendable {
    let store: EventStore
    let cachePath: String?
    let state = Mutex(IndexState())
    /// Up to where the cache goes; nil while there is none.
    let savedPosition = Mutex<ChangePosition?>(nil)
    let threads: SearchThreads
    let backgrounds = BackgroundCache()
    private let follower = IndexFollower()

    /// - Parameters:
    ///   - store: The open database.
    ///   - cachePath: A file beside the database; nil for none.
    ///   - threadCount: Threads of one search.
    package init(store: EventStore, cachePath: String?, threadCount: Int) {
        self.store = store
        self.cachePath = cachePath
        threads = SearchThreads(threadCount: threadCount)
    }

    /// Brings the index in step with the store; the first time it is read from the cache or the table.
    package func follow() async throws(SimilarityError) {
        try await follower.follow(self)
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
    package enum QueryKind: Sendable {
        case picture
        case text
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
        _ values: [Float], version: String, kind: QueryKind = .picture, filter: SimilarityFilter = .init(),
        limit: Int, minimum: Double = -1
    ) async throws(SimilarityError) -> Outcome {
        guard let query = VectorQuery(values) else { throw .noDirection }
        for _ in 0..<2 {
            try await follow()
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
                return (Self.describe(found, search, kind, backgrounds), !found.damaged.isEmpty)
            }
            guard isDamaged else { return outcome }
            try await follower.rebuild(self)
        }
        return Outcome()
    }

    /// The vector of an event as the index has it, with its version.
    package func vector(of sequence: Int64) -> (values: [Float], version: String)? {
        state.withLock { $0.vector(of: sequence) }
    }

    private static func describe(
        _ found: SimilaritySearch.Outcome, _ search: SimilaritySearch, _ kind: QueryKind,
        _ backgrounds: BackgroundCache
    ) -> Outcome {
        var known: [Int32: CosineBackground] = [:]
        let neighbors = found.hits.map { hit in
            let camera = search.space.chunks[hit.chunk].cameras[hit.row]
            let background: CosineBackground
            if let earlier = known[camera] {
                background = earlier
            } else {
                switch kind {
                case .picture: background = backgrounds.pairs(of: camera, in: search.space)
                case .text:
                    background = BackgroundSamples.cosines(of: search.query, camera: camera, in: search.space)
                }
                known[camera] = background
            }
            let likeness =
                switch kind {
                case .picture: Likeness(pictureCosine: hit.cosine, background: background)
                case .text: Likeness(textCosine: hit.cosine, background: background)
                }
            return Neighbor(
                sequence: hit.sequence, timestamp: hit.timestamp, cosine: hit.cosine, likeness: likeness)
        }
        return Outcome(neighbors: neighbors, comparedCount: found.comparedCount)
    }
}
