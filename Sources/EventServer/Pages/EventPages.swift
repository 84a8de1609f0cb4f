// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import Hummingbird
internal import JSONValues
internal import TemporalContext

/// `/events/{event_id}`: one event, what looks like it, and what can be done with it.
struct EventPages: Sendable {
    let site: PageSite

    var endpoints: [Endpoint] {
        let base = "/events/{event_id}"
        return [
            site.endpoint(.get, base, answer: event), site.endpoint(.post, "\(base)/retry", answer: retry),
            site.endpoint(.post, "\(base)/delete", answer: delete),
            site.endpoint(.post, "\(base)/visitor", answer: assign),
            site.endpoint(.post, "\(base)/group", answer: group),
        ]
    }

    @Sendable private func event(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        var fields = QueryFields(query: request.uri.query)
        let terms = SearchTerms(fields.text("q", maximumLength: 1_000) ?? "")
        let panel = SimilarPanel(
            &fields, eventID: id, terms: terms, site: site, path: PageLocation.path("/events", id))
        try fields.finish()
        guard let event = try await site.store.event(id: id) else { throw Problem.eventNotFound }
        let cards = site.cards
        let moment = cards.local(event.timestamp)
        var view: PageView = [
            "card": cards.card(event, terms: terms), "facts": facts(event, moment, cards.now),
            "heading": EventCards.alt(event, moment, now: cards.now),
            "entities": try await entities(besides: event.matchedEntity?.id),
            "path": PageLocation.path("/events", id), "isReady": event.embeddingState == .ready,
            "reason": event.embeddingFailure.map { "\($0.message)" },
            "unlink": event.matchedEntity.map { entity -> PageView in
                [
                    "action": PageLocation.path("/visitors", entity.id, "/remove"),
                    "name": EntityNames.name(entity.name, type: entity.entityType, id: entity.id),
                ]
            },
        ]
        if event.embeddingState == .ready { view["panel"] = try await panel.view() }
        return await site.page(
            "event", view, .init(title: EventCards.alt(event, moment, now: cards.now), terms: terms), context)
    }

    private func facts(_ event: Event, _ moment: LocalMoment, _ now: LocalMoment) -> [PageView] {
        var facts: [(String, String)] = [
            ("Time", "\(moment.longDay(now: now)), \(moment.exactClock)"), ("Camera", event.cameraName),
            ("Objects", EventCards.labels(event).joined(separator: ", ")),
            ("Detector’s confidence", "\(event.confidence) %"), ("Source", event.sourceType),
        ]
        if let score = event.anomaly?.score {
            let reasons = EventCards.reasons(event)
            facts.append(
                (
                    "Unusual for this camera",
                    "\(Int((score * 100).rounded())) of 100" + (reasons.isEmpty ? "" : " (\(reasons))")
                ))
        }
        facts.append(("Index", EventCards.state(event)))
        facts.append(("Identifier", event.id))
        return facts.filter { !$0.1.isEmpty }.map { ["name": $0.0, "value": $0.1] }
    }

    /// Visitors that the event can be put to, last seen first.
    private func entities(besides id: String?) async throws(StorageError) -> [PageView] {
        var query = EntityQuery()
        query.limit = 100
        return try await site.store.entities(query).entities.filter { $0.id != id }.map {
            ["id": $0.id, "name": EntityNames.text($0)]
        }
    }

    @Sendable private func retry(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        let form = try await site.form(of: request)
        guard try await site.store.embeddingStatus(eventID: id) != nil else { throw Problem.eventNotFound }
        await site.processor.retry(eventID: id)
        await site.board.look()
        return PageSite.redirect(to: form.destination(or: PageLocation.path("/events", id)))
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        let form = try await site.form(of: request)
        guard try await site.processor.delete(eventID: id) else { throw Problem.eventNotFound }
        await site.board.look()
        return PageSite.redirect(to: form.destination(or: "/"))
    }

    @Sendable private func assign(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        let form = try await site.form(of: request)
        guard let entity = form["visitor"] else {
            throw Problem(.unprocessableContent, "Choose a visitor first.")
        }
        _ = try await EntitiesController.checked { () throws(EntityDecisionError) in
            try await site.processor.assign(eventID: id, toEntity: entity)
        }
        return PageSite.redirect(to: PageLocation.path("/visitors", entity) + "?did=1")
    }

    @Sendable private func group(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        let chosen = try await site.form(of: request).values("event")
        guard !chosen.isEmpty, chosen.count <= Self.largestGroup else {
            throw Problem(
                .unprocessableContent, "Choose up to \(Self.largestGroup) pictures that show the same.")
        }
        guard let event = try await site.store.event(id: id) else { throw Problem.eventNotFound }
        var events = [event]
        for other in chosen {
            if let found = try await site.store.event(id: other) { events.append(found) }
        }
        guard events.count > 1 else { throw Problem.eventNotFound }
        let known = events.lazy.compactMap(\.matchedEntity).first
        let type = events.lazy.compactMap {
            EntityType(objectsDetected: $0.objectsDetected, smartDetectionType: $0.smartDetectionType)
        }.first
        let made = try await site.decide { [events] store throws(EntityDecisionError) in
            try await store.group(eventIDs: events.map(\.id), entityID: known?.id, type: type ?? .unknown)
        }
        let path = PageLocation.path("/visitors", made.entity.id)
        return PageSite.redirect(to: made.movedCount > 0 ? path + "?did=1" : path)
    }

    private static let largestGroup = 100
}

extension EntityNames {
    static func text(_ entity: RecognizedEntity) -> String {
        name(entity.name, type: entity.entityType.rawValue, id: entity.id)
    }
}
