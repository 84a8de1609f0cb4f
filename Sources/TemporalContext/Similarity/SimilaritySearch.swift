// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Tensors

/// One search over a copy of a space: filters, scans, and computes what is left in double precision.
struct SimilaritySearch: Sendable {
    let space: VectorSpace
    let query: VectorQuery
    let rows: RowFilter
    let limit: Int
    let minimum: Double

    /// A row that was found, with its place.
    struct Hit: Sendable {
        let chunk: Int
        let row: Int
        let sequence: Int64
        let timestamp: Timestamp
        let cosine: Double
    }

    /// What a search found.
    struct Outcome: Sendable {
        /// Best first, at most as many as asked for.
        var hits: [Hit] = []
        /// Rows that the filter let pass.
        var comparedCount = 0
        /// Rows whose floats, in the mapped file, are not those that were stored.
        var damaged: [Int64] = []
    }

    /// The best rows.
    ///
    /// - Complexity: One byte of memory a number for rows that pass the filter; some rows more are read in full.
    func run(on team: ThreadTeam) -> Outcome {
        let cursor = SharedCursor(count: space.chunks.count)
        let parts = team.map(team.memberCount) { _ in scan(cursor) }
        var collector = CandidateCollector(limit: limit, minimum: minimum)
        var outcome = Outcome()
        for part in parts {
            collector.merge(part.collector)
            outcome.comparedCount += part.count
        }
        rescore(collector.sorted(), into: &outcome)
        return outcome
    }

    private func scan(_ cursor: SharedCursor) -> (collector: CandidateCollector, count: Int) {
        var collector = CandidateCollector(limit: limit, minimum: minimum)
        var count = 0
        while let number = cursor.next() {
            let chunk = space.chunks[number]
            guard let selection = rows.selection(in: chunk) else { continue }
            count += selection.count
            chunk.block.collect(query, selection, as: Int32(number), into: &collector)
        }
        return (collector, count)
    }

    /// Computes candidates in the order of what they could reach, until nothing left can be among the best.
    private func rescore(_ candidates: [CandidateCollector.Candidate], into outcome: inout Outcome) {
        var hits: [Hit] = []
        // The limit-th best so far; ties are kept, as the time decides among them.
        var enough = -Double.infinity
        for candidate in candidates {
            guard candidate.upperBound >= enough else { break }
            let chunk = space.chunks[Int(candidate.block)], row = Int(candidate.row)
            guard let cosine = chunk.block.cosine(of: row, query) else {
                outcome.damaged.append(chunk.sequences[row])
                continue
            }
            guard cosine >= minimum, cosine >= enough else { continue }
            hits.append(
                Hit(
                    chunk: Int(candidate.block), row: row, sequence: chunk.sequences[row],
                    timestamp: Timestamp(microseconds: chunk.timestamps[row]), cosine: cosine))
            if hits.count >= 2 * limit + 64 { enough = cut(&hits) }
        }
        _ = cut(&hits)
        outcome.hits = Array(hits.prefix(limit))
    }

    /// Sorts, keeps what can be among the best, and returns the cosine of the last of them.
    private func cut(_ hits: inout [Hit]) -> Double {
        hits.sort(by: Self.precedes)
        guard hits.count >= limit else { return -.infinity }
        hits.removeSubrange(limit...)
        return hits.last?.cosine ?? -.infinity
    }

    /// Best first; of equals the newest first, then the one stored last.
    static func precedes(_ a: Hit, _ b: Hit) -> Bool {
        if a.cosine != b.cosine { return a.cosine > b.cosine }
        if a.timestamp != b.timestamp { return a.timestamp > b.timestamp }
        return a.sequence > b.sequence
    }
}
