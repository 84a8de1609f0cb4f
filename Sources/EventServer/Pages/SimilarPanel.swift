// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import TemporalContext

/// The events that look like one event, beside the list they were asked from.
struct SimilarPanel: Sendable {
    /// Whose cameras are looked at.
    enum Scope: String, CaseIterable, Sendable {
        case all, here, elsewhere
    }

    let site: PageSite
    let eventID: String
    let scope: Scope
    /// Whether events within ten minutes of the source are shown, which are the same visit most likely.
    let showsSameVisit: Bool
    /// The search of the list beside it; its dates hold here too.
    let terms: SearchTerms
    /// The page that the panel stands on.
    var path = "/"

    private static let sameVisitSeconds = 600
    private static let length = 24

    init(_ fields: inout QueryFields, eventID: String, terms: SearchTerms, site: PageSite, path: String = "/")
    {
        self.site = site
        self.eventID = eventID
        self.terms = terms
        self.path = path
        scope = fields.choice("scope", of: Scope.self) ?? .all
        showsSameVisit = fields.text("visit") == "shown"
    }

    /// For the template `similar`; what is wrong becomes a sentence in it.
    func view() async throws(StorageError) -> PageView {
        guard let event = try await site.store.event(id: eventID) else {
            return ["problem": "This event is gone.", "closeHref": closeHref]
        }
        var view: PageView = [
            "source": source(event), "closeHref": closeHref, "toggles": toggles,
            "visitHref": location(scope: scope, showsSameVisit: !showsSameVisit),
            "group": PageLocation.path("/events", eventID, "/group"),
            "visitText": showsSameVisit ? "Hide the same 10 minutes" : "Show the same 10 minutes",
        ]
        do {
            let list = try await list(event)
            view["results"] = list.view
        } catch let problem as Problem {
            view["problem"] = problem.text
        } catch let error as StorageError {
            throw error
        } catch {
            view["problem"] = "The search failed."
        }
        return view
    }

    private func source(_ event: Event) -> PageView {
        var card = site.cards.card(event, terms: terms)
        card["showsDay"] = true
        card["similar"] = nil
        return card
    }

    private func list(_ event: Event) async throws -> LikenessList {
        let source = try await SimilaritySource.find(event.id, in: site.store)
        let cameras = await site.board.latest().cameras
        let dates = EventSearch(terms, cameras: cameras, timeZone: site.timeZone)
        var filter = SimilarityFilter()
        filter.earliest = dates.filter.startTime
        filter.latest = dates.filter.endTime
        filter.excluding = [source.sequence]
        switch scope {
        case .all: break
        case .here: filter.cameraID = event.cameraID
        case .elsewhere: filter.otherThanCameraID = event.cameraID
        }
        if !showsSameVisit {
            filter.excludedTimes =
                event.timestamp.adding(
                    seconds: -Self.sameVisitSeconds)...event.timestamp.adding(
                    seconds: Self.sameVisitSeconds)
        }
        let outcome = try await site.likeness.run(
            source.embedding, kind: .event, filter: filter, limit: Self.length, minimum: -1)
        return try await LikenessList(
            outcome, .event, cards: site.cards, terms: terms, store: site.store, canChoose: true)
    }

    private var closeHref: String { PageLocation(path, [("q", terms.text)]).text }

    private func location(scope: Scope, showsSameVisit: Bool) -> String {
        PageLocation(
            path,
            [
                ("q", terms.text), ("similar", path == "/" ? eventID : nil),
                ("scope", scope == .all ? nil : scope.rawValue), ("visit", showsSameVisit ? "shown" : nil),
            ]
        ).text
    }

    private var toggles: [PageView] {
        Scope.allCases.map { choice in
            let text =
                switch choice {
                case .all: "All cameras"
                case .here: "Same camera"
                case .elsewhere: "Other cameras"
                }
            return [
                "text": text, "isOn": choice == scope,
                "href": location(scope: choice, showsSameVisit: showsSameVisit),
            ]
        }
    }
}
