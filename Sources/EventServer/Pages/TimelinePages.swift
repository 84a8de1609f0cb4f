// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// `/`: the events by day, or what a search finds.
struct TimelinePages: Sendable {
    let site: PageSite

    var endpoints: [Endpoint] {
        [site.endpoint(.get, "/", answer: timeline)]
    }

    @Sendable private func timeline(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        var terms = SearchTerms(fields.text("q", maximumLength: 1_000) ?? "")
        if let day = fields.text("day"), !day.isEmpty {
            terms = terms.with(.day, day)
            return PageSite.redirect(to: PageLocation("/", [("q", terms.text)]).text)
        }
        let before = fields.cursor("before")
        let lastDay = fields.text("after_day", maximumLength: 10)
        let after = fields.integer("after", in: 0...Int.max)
        let part = fields.text("part")
        let ids = fields.text("ids", maximumLength: 4_000)
        var panel: SimilarPanel?
        if let id = fields.text("similar") {
            panel = SimilarPanel(&fields, eventID: id, terms: terms, site: site)
        }
        try fields.finish()
        if part == "panel", let panel { return site.part("similar", try await panel.view(), context) }
        if part == "states" { return try await states(ids, terms, context) }
        if part == "new" { return try await news(after: Int64(after ?? 0), terms, context) }
        if terms.asksForLikeness { return try await SearchPages(site: site).results(terms, context) }
        let cameras = await site.board.latest().cameras
        let search = EventSearch(terms, cameras: cameras, timeZone: site.timeZone)
        // Before the list: what comes meanwhile is news, and in the list perhaps, rather than in neither.
        let lastArrival = before == nil ? try await site.store.lastArrival() : nil
        var timeline = try await Timeline.read(
            search, before: before, from: site.store, timeZone: site.timeZone)
        timeline.lastArrival = lastArrival
        let list = list(timeline, terms, after: lastDay)
        if part == "cards" { return site.part("days", list, context) }
        var view = filters(search, cameras)
        view.add(list)
        view["total"] = timeline.totalCount.map { Timeline.count($0) }
        view["isEmpty"] = timeline.events.isEmpty
        view["emptyText"] =
            timeline.next != nil
            ? "None of the latest events fits these filters; earlier ones are looked at next."
            : terms.isEmpty
                ? "No events yet. They appear here as soon as a camera sends one."
                : "No event fits these filters."
        view["live"] = before == nil ? PageLocation("/", [("q", terms.text), ("part", "new")]).text : nil
        view["hasPanel"] = panel != nil
        view["panel"] = try await panel?.view()
        return await site.page(
            "timeline", view, .init(title: "Timeline", place: .timeline, terms: terms), context)
    }

    /// What has come since the newest event of a list.
    private func news(
        after: Int64, _ terms: SearchTerms, _ context: APIContext
    ) async throws -> Response {
        let cameras = await site.board.latest().cameras
        let search = EventSearch(terms, cameras: cameras, timeZone: site.timeZone)
        let timeline = try await Timeline.news(
            search, after: after, from: site.store, timeZone: site.timeZone)
        var view = list(timeline, terms, after: nil)
        view["next"] = nil
        view["end"] = nil
        view["total"] = timeline.totalCount.map { Timeline.count($0) }
        return site.part("days", view, context)
    }

    /// Cards of a list as they are now.
    private func states(
        _ ids: String?, _ terms: SearchTerms, _ context: APIContext
    ) async throws -> Response {
        let cards = site.cards
        var views: [PageView] = []
        for id in (ids ?? "").split(separator: ",").prefix(Timeline.length) {
            guard let event = try await site.store.event(id: String(id)) else { continue }
            views.append(cards.card(event, terms: terms))
        }
        return site.part("cards", ["cards": views], context)
    }

    /// The filters above a list, as chips and as choices.
    func filters(_ search: EventSearch, _ cameras: [Camera]) -> PageView {
        let terms = search.terms
        return [
            "chips": chips(terms, cameras), "issues": search.issues, "groups": groups(terms, cameras),
            "day": terms[.day], "queryWithoutDay": terms.with(.day, nil).text, "total": nil,
        ]
    }

    private func list(_ timeline: Timeline, _ terms: SearchTerms, after lastDay: String?) -> PageView {
        let cards = site.cards
        let days = timeline.days(cards, terms: terms, after: lastDay)
        var next: PageView?
        if let cursor = timeline.next {
            let query = [
                ("q", terms.text), ("before", cursor.text),
                ("after_day", timeline.events.last.map { cards.local($0.timestamp).day }),
            ]
            next = [
                "href": PageLocation("/", query).text,
                "part": PageLocation("/", query + [("part", "cards")]).text,
            ]
        }
        return [
            "days": days, "next": next,
            "newest": timeline.lastArrival.map { String($0) }, "hasMoreNews": timeline.hasMoreNews,
            "end": next == nil && !timeline.events.isEmpty ? "That is all." : nil,
        ]
    }

    private func chips(_ terms: SearchTerms, _ cameras: [Camera]) -> [PageView] {
        var chips: [PageView] = terms.terms.map { term in
            let name = term.key == .camera ? cameras.first { $0.id == term.value }?.name : nil
            return [
                "text": "\(term.key.rawValue): \(name ?? term.value)",
                "href": PageLocation("/", [("q", terms.with(term.key, nil).text)]).text,
            ]
        }
        if !terms.words.isEmpty {
            chips.append([
                "text": "“\(terms.words)”", "href": PageLocation("/", [("q", terms.withoutWords.text)]).text,
            ])
        }
        return chips
    }

    private func groups(_ terms: SearchTerms, _ cameras: [Camera]) -> [PageView] {
        func choice(_ key: SearchTerms.Key, _ value: String, _ text: String) -> PageView {
            let isOn = terms[key] == value
            return [
                "text": text, "isOn": isOn,
                "href": PageLocation("/", [("q", terms.with(key, isOn ? nil : value).text)]).text,
            ]
        }
        return [
            ["name": "Camera", "choices": cameras.prefix(40).map { choice(.camera, $0.id, $0.name) }],
            [
                "name": "Object",
                "choices": ObjectType.allCases.map { choice(.label, $0.rawValue, $0.rawValue) },
            ],
            [
                "name": "Time",
                "choices": [
                    choice(.after, "today", "today"), choice(.after, "7d", "last 7 days"),
                    choice(.hours, "22-05", "at night, 22–5"), choice(.hours, "05-12", "mornings, 5–12"),
                    choice(.hours, "12-22", "afternoons, 12–22"),
                ],
            ],
            [
                "name": "Index",
                "choices": [
                    choice(.state, "failed", "could not be indexed"),
                    choice(.state, "pending", "not yet indexed"),
                    choice(.state, "no_thumbnail", "without picture"),
                ],
            ],
        ]
    }
}
