// SPDX-License-Identifier: MIT
public import Embeddings

/// Which events to embed next.
public struct PendingQuery: Sendable, Hashable {
    /// The order in which events are taken.
    public enum Order: Sendable, Hashable {
        /// What just happened comes first.
        case newestFirst
        /// What has waited longest comes first.
        case oldestFirst
    }

    /// Order by the time of the event.
    public var order: Order
    /// Most events to return.
    public var limit: Int
    /// Events to leave out, because somebody has them in hand.
    public var excluding: Set<String>
    /// Takes also embeddings of any other version than this.
    public var staleUnless: ModelVersion?
    /// Takes also events that failed.
    public var retryFailed: Bool
    /// Leaves out what is to be tried again later than this.
    public var dueAt: Timestamp

    /// A query.
    public init(
        order: Order = .newestFirst, limit: Int, excluding: Set<String> = [],
        staleUnless: ModelVersion? = nil,
        retryFailed: Bool = false, dueAt: Timestamp
    ) {
        self.order = order
        self.limit = limit
        self.excluding = excluding
        self.staleUnless = staleUnless
        self.retryFailed = retryFailed
        self.dueAt = dueAt
    }
}
