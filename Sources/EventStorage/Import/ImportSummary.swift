// SPDX-License-Identifier: MIT

/// What an import took over and what it left.
public struct ImportSummary: Sendable, Hashable {
    /// What became of the rows of one kind.
    public struct Tally: Sendable, Hashable {
        /// Rows taken over.
        public internal(set) var added = 0
        /// Rows left, by the reason.
        public internal(set) var skipped: [String: Int] = [:]

        mutating func skip(_ reason: String) { skipped[reason, default: 0] += 1 }
    }

    /// Cameras.
    public internal(set) var cameras = Tally()
    /// Events.
    public internal(set) var events = Tally()
    /// Pictures kept as files; those in a row are part of their event.
    public internal(set) var thumbnails = Tally()
    /// Embeddings.
    public internal(set) var embeddings = Tally()
}
