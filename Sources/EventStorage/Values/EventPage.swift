// SPDX-License-Identifier: MIT

/// A page of events.
public struct EventPage: Sendable, Hashable {
    /// The events, in the order asked for.
    public let events: [Event]
    /// Events that the filter selects, on all pages.
    public let totalCount: Int
    /// Whether events follow.
    public let hasMore: Bool
    /// Offset of the next page; nil at the end, and for pages reached by a cursor.
    public let nextOffset: Int?
    /// Cursor of the next page; nil at the end.
    public let nextCursor: EventCursor?
}
