// SPDX-License-Identifier: MIT

/// A page of a listing of events, newest first unless `ascending`.
public struct EventQuery: Sendable, Hashable {
    /// Which events.
    public var filter: EventFilter
    /// Most events on the page.
    public var limit: Int
    /// Events to pass over first.
    public var offset: Int
    /// Only events that come after this place of the listing.
    public var before: EventCursor?
    /// Oldest first.
    public var ascending: Bool

    /// A page.
    public init(
        filter: EventFilter = EventFilter(), limit: Int = 50, offset: Int = 0, before: EventCursor? = nil,
        ascending: Bool = false
    ) {
        self.filter = filter
        self.limit = limit
        self.offset = offset
        self.before = before
        self.ascending = ascending
    }
}
