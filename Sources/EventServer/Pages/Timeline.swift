// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import TemporalContext

/// A page of events by local day.
struct Timeline: Sendable {
    /// The events, newest first.
    let events: [Event]
    /// Events that the filter selects, on all pages; nil where hours restrict, which nothing counts.
    let totalCount: Int?
    /// Where the next page begins; nil at the end.
    let next: EventCursor?
    /// Number of events of each day that has one here, where it is known.
    let countByDay: [String: Int]
    /// The last event in the order of arrival when this was read; from there on, events are news.
    var lastArrival: Int64?
    /// Whether more has come than is here.
    var hasMoreNews = false

    /// Events on a page.
    static let length = 48
    /// Events that one page looks at, at most, where hours restrict.
    private static let widestLook = 4_000

    /// Reads a page.
    static func read(
        _ search: EventSearch, before: EventCursor?, from store: EventStore, timeZone: TimeZone
    ) async throws(StorageError) -> Timeline {
        guard let hours = search.likeness.hours else {
            let page = try await store.events(
                EventQuery(filter: search.filter, limit: length, before: before))
            return Timeline(
                events: page.events, totalCount: page.totalCount, next: page.nextCursor,
                countByDay: try await counts(of: page.events, search.filter, store, timeZone))
        }
        var found: [Event] = []
        var cursor = before
        for _ in 0..<widestLook / 200 {
            let page = try await store.events(
                EventQuery(filter: search.filter, limit: 200, before: cursor))
            for event in page.events
            where hours.contains(minute: LocalMoment(event.timestamp, in: timeZone).minute) {
                found.append(event)
                if found.count == length {
                    return Timeline(
                        events: found, totalCount: nil,
                        next: EventCursor(timestamp: event.timestamp, id: event.id),
                        countByDay: [:])
                }
            }
            cursor = page.nextCursor
            if cursor == nil { break }
        }
        return Timeline(events: found, totalCount: nil, next: cursor, countByDay: [:])
    }

    /// Reads what has come after the event with number `sequence`, whenever it happened; at most a page, newest first.
    static func news(
        _ search: EventSearch, after sequence: Int64, from store: EventStore, timeZone: TimeZone
    ) async throws(StorageError) -> Timeline {
        let arrivals = try await store.arrivals(search.filter, after: sequence, limit: length)
        let hours = search.likeness.hours
        let events = arrivals.events.filter {
            hours?.contains(minute: LocalMoment($0.timestamp, in: timeZone).minute) ?? true
        }.sorted { ($1.timestamp, $1.id) < ($0.timestamp, $0.id) }
        return Timeline(
            events: events,
            totalCount: hours == nil
                ? try await store.events(EventQuery(filter: search.filter, limit: 0)).totalCount : nil,
            next: nil,
            countByDay: hours == nil ? try await counts(of: events, search.filter, store, timeZone) : [:],
            lastArrival: arrivals.last, hasMoreNews: arrivals.hasMore)
    }

    /// How many events the days have that are shown here, each counted by the index; at most a week's.
    private static func counts(
        of events: [Event], _ filter: EventFilter, _ store: EventStore, _ timeZone: TimeZone
    ) async throws(StorageError) -> [String: Int] {
        var counts: [String: Int] = [:]
        for event in events where filter.searchWords == nil {
            let day = LocalMoment(event.timestamp, in: timeZone).day
            guard counts[day] == nil, counts.count < 7,
                let start = LocalMoment.start(ofDay: day, in: timeZone),
                let end = LocalMoment.end(ofDay: day, in: timeZone)
            else { continue }
            var filter = filter
            filter.startTime = max(start, filter.startTime ?? start)
            filter.endTime = min(end.justBefore, filter.endTime ?? end)
            counts[day] = try await store.events(EventQuery(filter: filter, limit: 0)).totalCount
        }
        return counts
    }

    /// The days as the template wants them.
    ///
    /// - Parameters:
    ///   - cards: Makes the cards.
    ///   - terms: The search that the page belongs to.
    ///   - lastDay: The last day of the page before, which goes on here.
    /// - Returns: For the template `days`.
    func days(_ cards: EventCards, terms: SearchTerms, after lastDay: String?) -> [PageView] {
        var days: [(day: String, title: String, cards: [PageView])] = []
        for event in events {
            let moment = cards.local(event.timestamp)
            if days.last?.day != moment.day {
                days.append((moment.day, moment.longDay(now: cards.now), []))
            }
            days[days.count - 1].cards.append(cards.card(event, terms: terms))
        }
        return days.map { day in
            [
                "day": day.day, "title": day.title, "cards": day.cards,
                "isContinued": day.day == lastDay,
                "count": day.day == lastDay ? nil : countByDay[day.day].map { Self.count($0) },
            ]
        }
    }

    /// `1 event`, `12 events`.
    static func count(_ number: Int) -> String { number == 1 ? "1 event" : "\(number.grouped) events" }
}
