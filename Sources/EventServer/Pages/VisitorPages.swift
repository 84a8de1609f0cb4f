// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import Hummingbird
internal import JSONValues

/// `/visitors`: who comes back, and the owner's word on it.
struct VisitorPages: Sendable {
    let site: PageSite

    static let pageLength = 48

    var endpoints: [Endpoint] {
        let base = "/visitors/{entity_id}"
        return [
            site.endpoint(.get, "/visitors", answer: list), site.endpoint(.get, base, answer: visitor),
            site.endpoint(.post, base, answer: update), site.endpoint(.post, "\(base)/merge", answer: merge),
            site.endpoint(.post, "\(base)/split", answer: split),
            site.endpoint(.post, "\(base)/remove", answer: remove),
            site.endpoint(.post, "\(base)/delete", answer: delete),
            site.endpoint(.post, "/adjustments/{adjustment_id}/undo", answer: undo),
        ]
    }

    // MARK: - Reading

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        var query = EntityQuery()
        query.kind = fields.choice("kind", of: EntityKind.self)
        query.entityType = fields.choice("type", of: EntityType.self)
        query.search = fields.text("search")
        let page = fields.integer("page", in: 1...100_000) ?? 1
        try fields.finish()
        query.limit = Self.pageLength
        query.offset = (page - 1) * Self.pageLength
        let found = try await site.store.entities(query)
        let hasMore = query.offset + found.entities.count < found.total
        var history = AdjustmentQuery()
        history.limit = 10
        let view: PageView = [
            "visitors": found.entities.map(site.cards.visitor), "search": query.search,
            "total": found.total == 1 ? "1 group" : "\(found.total.grouped) groups",
            "isEmpty": found.entities.isEmpty,
            "emptyText": query == Self.everything(from: query)
                ? "Nobody yet. Whoever is seen is grouped here by looks, once events are indexed."
                : "No visitor fits.",
            "groups": groups(query),
            "next": hasMore ? location(query, page: page + 1) : nil,
            "previous": page > 1 ? location(query, page: page - 1) : nil,
            "history": try await site.store.adjustments(history).adjustments.map {
                VisitorHistory.view($0, site.cards)
            },
        ]
        return await site.page("visitors", view, .init(title: "Visitors", place: .visitors), context)
    }

    private static func everything(from query: EntityQuery) -> EntityQuery {
        var all = EntityQuery()
        all.limit = query.limit
        all.offset = query.offset
        return all
    }

    private func location(_ query: EntityQuery, page: Int = 1) -> String {
        PageLocation(
            "/visitors",
            [
                ("kind", query.kind?.rawValue), ("type", query.entityType?.rawValue),
                ("search", query.search),
                ("page", page > 1 ? String(page) : nil),
            ]
        ).text
    }

    private func groups(_ query: EntityQuery) -> [PageView] {
        [
            [
                "name": "What",
                "choices": EntityType.allCases.map { type -> PageView in
                    var other = query
                    other.entityType = query.entityType == type ? nil : type
                    return [
                        "text": type.rawValue, "isOn": query.entityType == type, "href": location(other),
                    ]
                },
            ],
            [
                "name": "To you",
                "choices": EntityKind.allCases.map { kind -> PageView in
                    var other = query
                    other.kind = query.kind == kind ? nil : kind
                    return ["text": kind.rawValue, "isOn": query.kind == kind, "href": location(other)]
                },
            ],
        ]
    }

    @Sendable private func visitor(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        var fields = QueryFields(query: request.uri.query)
        let page = fields.integer("page", in: 1...100_000) ?? 1
        let did = fields.text("did") != nil
        try fields.finish()
        guard let entity = try await site.store.entity(id: id) else { throw Problem.entityNotFound(id) }
        let detail = VisitorDetail(site: site, entity: entity, page: page)
        var frame = PageSite.Frame(title: EntityNames.text(entity), place: .visitors)
        if did { frame.flash = try await VisitorHistory.flash(of: id, site) }
        return await site.page("visitor", try await detail.view(), frame, context)
    }

    // MARK: - The owner's word

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        let form = try await site.form(of: request)
        var change = EntityChange()
        if form.has("name") { change.name = form["name"].map { .set(String($0.prefix(255))) } ?? .clear }
        if form.has("notes") { change.notes = form["notes"].map { .set(String($0.prefix(5_000))) } ?? .clear }
        change.kind = form["kind"].flatMap(EntityKind.init(rawValue:))
        change.entityType = form["type"].flatMap(EntityType.init(rawValue:))
        guard try await site.store.updateEntity(id: id, change) != nil else {
            throw Problem.entityNotFound(id)
        }
        if change.entityType != nil { await site.processor.reloadEntities() }
        return PageSite.redirect(to: PageLocation.path("/visitors", id))
    }

    @Sendable private func merge(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        let form = try await site.form(of: request)
        guard let other = form["other"] else {
            throw Problem(.unprocessableContent, "Choose the visitor that is the same.")
        }
        _ = try await site.decide { store throws(EntityDecisionError) in
            try await store.merge(primary: id, secondary: other)
        }
        return PageSite.redirect(to: form.destination(or: PageLocation.path("/visitors", id) + "?did=1"))
    }

    @Sendable private func split(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        let form = try await site.form(of: request)
        let events = form.values("event")
        guard !events.isEmpty else {
            throw Problem(.unprocessableContent, "Choose the events that show somebody else.")
        }
        let made = try await site.decide { store throws(EntityDecisionError) in
            try await store.split(
                entityID: id, eventIDs: events, name: form["name"].map { String($0.prefix(255)) })
        }
        return PageSite.redirect(to: PageLocation.path("/visitors", made.id) + "?did=1")
    }

    @Sendable private func remove(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        let form = try await site.form(of: request)
        guard let event = form["event"] else { throw Problem.eventNotFound }
        try await site.decide { store throws(EntityDecisionError) in
            try await store.unlink(eventID: event, fromEntity: id)
        }
        let isLeft = try await site.store.entity(id: id) != nil
        return PageSite.redirect(to: isLeft ? PageLocation.path("/visitors", id) + "?did=1" : "/visitors")
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        _ = try await site.form(of: request)
        try await site.decide { store throws(EntityDecisionError) in try await store.deleteEntity(id: id) }
        return PageSite.redirect(to: "/visitors")
    }

    @Sendable private func undo(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("adjustment_id")
        _ = try await site.form(of: request)
        let done = try await site.decide { store throws(EntityDecisionError) in
            try await store.undo(adjustmentID: id)
        }
        for entity in [done.newEntityID, done.oldEntityID].compactMap(\.self)
        where try await site.store.entity(id: entity) != nil {
            return PageSite.redirect(to: PageLocation.path("/visitors", entity))
        }
        return PageSite.redirect(to: "/visitors")
    }
}
