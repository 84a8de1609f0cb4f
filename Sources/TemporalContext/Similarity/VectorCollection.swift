// SPDX-License-Identifier: MIT
package import Tensors

/// Vectors in memory alone, searched as the index searches them: what the benchmark measures.
package final class VectorCollection {
    private var space: VectorSpace
    private let team: ThreadTeam

    /// An empty collection of vectors with `dimension` numbers, searched on `threadCount` threads.
    package init(dimension: Int, threadCount: Int) {
        space = VectorSpace(version: "", dimension: dimension)
        team = ThreadTeam(memberCount: threadCount)
    }

    /// Adds a vector; false when it has no direction.
    package func append(_ values: [Float]) throws(VectorMemoryError) -> Bool {
        try space.append(
            values, sequence: Int64(space.liveCount), timestamp: 0, camera: 0, objects: 0) != nil
    }

    /// The numbers of the vectors with the largest cosines, best first; the first vector is 0.
    package func search(_ values: [Float], limit: Int) -> [Int64] {
        guard let query = VectorQuery(values) else { return [] }
        return SimilaritySearch(
            space: space, query: query,
            rows: RowFilter(SimilarityFilter(), space: space, cameras: CameraNumbers()),
            limit: limit, minimum: -1
        ).run(on: team).hits.map(\.sequence)
    }
}
