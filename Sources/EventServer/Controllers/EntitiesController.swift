// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues

/// `/context/entities`: visitors and vehicles that come back, and the owner's word on them.
struct EntitiesController: Sendable {
    let processor: EventProcessor
    let bodies: BodyReader
    let answers: EventAnswer

    var endpoints: [Endpoint] {
        let base = "/api/v1/context/entities"
        return [
            Endpoint(.get, base, Self.listOperation, answer: list),
            Endpoint(.post, base, Self.createOperation, answer: create),
            Endpoint(.post, "\(base)/merge", Self.mergeOperation, answer: merge),
            Endpoint(.get, "\(base)/{entity_id}", Self.getOperation, answer: get),
            Endpoint(.put, "\(base)/{entity_id}", Self.updateOperation, answer: update),
            Endpoint(.delete, "\(base)/{entity_id}", Self.deleteOperation, answer: delete),
            Endpoint(.get, "\(base)/{entity_id}/events", Self.eventsOperation, answer: events),
            Endpoint(.get, "\(base)/{entity_id}/visits", Self.visitsOperation, answer: visits),
            Endpoint(.post, "\(base)/{entity_id}/split", Self.splitOperation, answer: split),
            Endpoint(
                .delete, "\(base)/{entity_id}/events/{event_id}", Self.unlinkOperation, answer: unlink),
            Endpoint(
                .post, "/api/v1/context/events/{event_id}/entity", Self.assignOperation, answer: assign),
        ]
    }

    // MARK: - Reading

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        var query = EntityQuery()
        query.limit = fields.integer("limit", in: 1...100) ?? 50
        query.offset = fields.integer("offset", in: 0...Int(Int32.max)) ?? 0
        query.entityType = fields.choice("entity_type", of: EntityType.self)
        query.kind = fields.choice("kind", of: EntityKind.self)
        query.namedOnly = fields.choice("named_only", of: QueryFlag.self) == .true
        query.search = fields.text("search")
        try fields.finish()
        let page = try await processor.store.entities(query)
        return .json([
            "entities": .array(page.entities.map { .object(json($0)) }),
            "total": .integer(Int64(page.total)),
        ])
    }

    @Sendable private func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        var fields = QueryFields(query: request.uri.query)
        let limit = fields.integer("event_limit", in: 1...50) ?? 10
        try fields.finish()
        guard let entity = try await processor.store.entity(id: id) else { throw Problem.entityNotFound(id) }
        return .json(.object(try await detail(entity, eventLimit: limit)))
    }

    @Sendable private func events(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        var fields = QueryFields(query: request.uri.query)
        let page = fields.integer("page", in: 1...1_000_000) ?? 1
        let limit = fields.integer("limit", in: 1...100) ?? 20
        try fields.finish()
        let offset = (page - 1) * limit
        guard
            let found = try await processor.store.events(ofEntity: id, limit: limit, offset: offset)
        else { throw Problem.entityNotFound(id) }
        return .json([
            "entity_id": .string(id), "events": .array(found.events.map(json)),
            "total": .integer(Int64(found.total)), "page": .integer(Int64(page)),
            "limit": .integer(Int64(limit)), "has_more": .bool(offset + found.events.count < found.total),
        ])
    }

    @Sendable private func visits(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        var fields = QueryFields(query: request.uri.query)
        let gap = fields.integer("gap_minutes", in: 0...1440) ?? Self.visitGapMinutes
        let page = fields.integer("page", in: 1...1_000_000) ?? 1
        let limit = fields.integer("limit", in: 1...100) ?? 20
        try fields.finish()
        guard let visits = try await processor.store.visits(ofEntity: id, gap: gap * 60) else {
            throw Problem.entityNotFound(id)
        }
        let shown = visits.dropFirst((page - 1) * limit).prefix(limit)
        return .json([
            "entity_id": .string(id), "gap_minutes": .integer(Int64(gap)),
            "visits": .array(shown.map(Self.json)), "visit_count": .integer(Int64(visits.count)),
            "page": .integer(Int64(page)), "limit": .integer(Int64(limit)),
            "has_more": .bool((page - 1) * limit + shown.count < visits.count),
        ])
    }

    // MARK: - The owner's word

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let change = try change(try await bodies.json(of: request), isTypeRequired: true)
        let entity = try await processor.store.createEntity(change)
        return .json(.object(try await detail(entity, eventLimit: 10)), status: .created)
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        let change = try change(try await bodies.json(of: request), isTypeRequired: false)
        guard let entity = try await processor.store.updateEntity(id: id, change) else {
            throw Problem.entityNotFound(id)
        }
        return .json(.object(try await detail(entity, eventLimit: 10)))
    }

    private func change(_ body: JSONValue, isTypeRequired: Bool) throws(Problem) -> EntityChange {
        var fields = try BodyFields(body)
        var change = EntityChange()
        if isTypeRequired, fields.object["entity_type"] == nil {
            fields.report(.missing(["body", "entity_type"], input: body))
        }
        change.entityType = fields.choice("entity_type", of: EntityType.self, acceptsNull: false)
        change.kind = fields.choice("kind", of: EntityKind.self, acceptsNull: false)
        change.name = fields.change("name", lengths: 1...255)
        change.notes = fields.change("notes", lengths: 0...5000)
        change.isVIP = fields.flag("is_vip")
        change.isBlocked = fields.flag("is_blocked")
        try fields.finish()
        return change
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        try await decide { store throws(EntityDecisionError) in try await store.deleteEntity(id: id) }
        return Response(status: .noContent)
    }

    @Sendable private func assign(_ request: Request, _ context: APIContext) async throws -> Response {
        let event = context.pathParameter("event_id")
        var fields = try BodyFields(try await bodies.json(of: request))
        let id = fields.text("entity_id", lengths: 1...255, isRequired: true) ?? ""
        try fields.finish()
        let done = try await Self.checked { () throws(EntityDecisionError) in
            try await processor.assign(eventID: event, toEntity: id)
        }
        let message =
            switch done.action {
            case .move: "Event moved to the entity"
            case nil: "Event was the entity's already"
            default: "Event assigned to the entity"
            }
        return .json([
            "success": true, "message": .string(message), "action": .string(done.action?.rawValue ?? "none"),
            "entity_id": .string(done.entity.id), "entity_name": JSONValue(done.entity.name),
        ])
    }

    @Sendable private func unlink(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        let event = context.pathParameter("event_id")
        try await decide { store throws(EntityDecisionError) in
            try await store.unlink(eventID: event, fromEntity: id)
        }
        return .json([
            "success": true, "message": "Event taken from the entity; it will not return there by itself",
        ])
    }

    @Sendable private func merge(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = try BodyFields(try await bodies.json(of: request))
        let primary = fields.text("primary_entity_id", lengths: 1...255, isRequired: true) ?? ""
        let secondary = fields.text("secondary_entity_id", lengths: 1...255, isRequired: true) ?? ""
        try fields.finish()
        let merge = try await decide { store throws(EntityDecisionError) in
            try await store.merge(primary: primary, secondary: secondary)
        }
        return .json([
            "success": true, "merged_entity_id": .string(merge.entity.id),
            "merged_entity_name": JSONValue(merge.entity.name),
            "events_moved": .integer(Int64(merge.movedCount)),
            "deleted_entity_id": .string(secondary), "deleted_entity_name": JSONValue(merge.deletedName),
            "message": .string("\(merge.movedCount) events moved to the first entity"),
        ])
    }

    @Sendable private func split(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        var fields = try BodyFields(try await bodies.json(of: request))
        let events = fields.texts("event_ids", counts: 1...5000) ?? []
        let name = fields.text("name", lengths: 1...255)
        try fields.finish()
        let entity = try await decide { store throws(EntityDecisionError) in
            try await store.split(entityID: id, eventIDs: events, name: name)
        }
        return .json(.object(try await detail(entity, eventLimit: 10)), status: .created)
    }

    private func decide<Value: Sendable>(
        _ decision: @Sendable (EventStore) async throws(EntityDecisionError) -> Value
    ) async throws(Problem) -> Value {
        try await Self.checked { () throws(EntityDecisionError) in try await processor.decide(decision) }
    }

    /// What a decision gives, or the problem that it is.
    static func checked<Value: Sendable>(
        _ decision: () async throws(EntityDecisionError) -> Value
    ) async throws(Problem) -> Value {
        do throws(EntityDecisionError) {
            return try await decision()
        } catch {
            throw Problem(error)
        }
    }
}
