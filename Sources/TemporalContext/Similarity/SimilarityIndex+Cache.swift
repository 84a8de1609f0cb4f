// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Synchronization

extension SimilarityIndex {
    /// Writes the cache if at least `changeCount` changes are not in it, and forgets the part of the log that it holds.
    ///
    /// - Returns: Whether it was written.
    /// - Throws: A description of what went wrong; searches are not concerned.
    @discardableResult
    package func saveCache(ifChangedBy changeCount: Int = 1) async throws -> Bool {
        guard let cachePath else { return false }
        let (state, saved) = (state.withLock { $0 }, savedPosition.withLock { $0 })
        if let saved, saved.changes(to: state.position) < Int64(changeCount) { return false }
        let written = await threads.runAside {
            Result { () throws(IndexCacheFile.WriteError) in try IndexCacheFile(path: cachePath).write(state)
            }
        }
        do throws(IndexCacheFile.WriteError) {
            try written.get()
        } catch {
            if error.isDamage { try await rebuild() }
            throw error
        }
        savedPosition.withLock { $0 = state.position }
        // The entry of the position itself stays: its mark tells that it is the same history.
        try await store.forgetChanges(before: state.position)
        return true
    }

    /// What the index holds.
    package struct Statistics: Sendable, Hashable {
        /// Vectors that take part in searches.
        package var vectorCount = 0
        /// Rows whose stored text is not a vector.
        package var malformedCount = 0
        /// Vectors that have another dimension than most of their version.
        package var otherDimensionCount = 0
        /// Vectors by the version of their weights.
        package var countByVersion: [String: Int] = [:]
    }

    /// What the index holds, as of its last look at the log.
    package var statistics: Statistics {
        state.withLock { state in
            var statistics = Statistics()
            statistics.malformedCount = state.malformed.count
            for (version, spaces) in Dictionary(grouping: state.spaces, by: \.version) {
                let counts = spaces.map(\.liveCount)
                let total = counts.reduce(0, +)
                guard total > 0 else { continue }
                statistics.vectorCount += total
                statistics.countByVersion[version] = total
                statistics.otherDimensionCount += total - (counts.max() ?? 0)
            }
            return statistics
        }
    }
}
