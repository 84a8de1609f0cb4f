// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues

/// `/events`: create, list, read and delete.
struct EventsController: Sendable {
    let processor: EventProcessor
    let requests: EventRequest
    let answers: EventAnswer

    var endpoints: [Endpoint] {
        [
            Endpoint(.post, "/api/v1/events", Self.createOperation, answer: create),
            Endpoint(.get, "/api/v1/events", Self.listOperation, answer: list),
            Endpoint(.get, "/api/v1/events/{event_id}", Self.getOperation, answer: get),
            Endpoint(.delete, "/api/v1/events/{event_id}", Self.deleteOperation, answer: delete),
        ]
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let received = try await requests.event(of: request)
        let wait = WaitPreference(request.headers[.prefer])
        let status: HTTPResponse.Status
        var event: Event
        switch try await processor.receive(received) {
        case .created(let created): (status, event) = (.created, created)
        case .existing(let existing): (status, event) = (.ok, existing)
        case .conflict:
            throw Problem(.conflict, "An event with this id and another content is stored already.")
        }
        if let wait, event.embeddingState == .pending {
            try await processor.waitUntilSettled(event.id, atMost: .seconds(wait.seconds))
            event = try await processor.store.event(id: event.id) ?? event
        }
        var response = Response.json(answers.json(event), status: status)
        if let wait { response.headers[.preferenceApplied] = "wait=\(wait.seconds)" }
        if status == .created { response.headers[.location] = "/api/v1/events/\(event.id)" }
        return response
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        var filter = EventFilter()
        filter.cameraID = fields.text("camera_id")
        filter.startTime = fields.time("start_time")
        filter.endTime = fields.time("end_time")
        filter.minConfidence = fields.integer("min_confidence", in: 0...100)
        filter.objectTypes = fields.choices("object_types", of: ObjectType.self)
        filter.smartDetectionType = fields.choice("smart_detection_type", of: SmartDetectionType.self)
        filter.searchWords = fields.text("search_query")
        filter.embeddingState = fields.choice("embedding_state", of: EmbeddingState.self)
        filter.entityID = fields.text("entity_id")
        let limit = fields.integer("limit", in: 1...500) ?? 50
        let offset = fields.integer("offset", in: 0...Int(Int32.max)) ?? 0
        let before = fields.cursor("before")
        let order = fields.choice("sort_order", of: SortOrder.self) ?? .desc
        try fields.finish()
        let page = try await processor.store.events(
            EventQuery(filter: filter, limit: limit, offset: offset, before: before, ascending: order == .asc)
        )
        return .json([
            "events": .array(page.events.map { answers.json($0) }),
            "total_count": .integer(Int64(page.totalCount)),
            "has_more": .bool(page.hasMore),
            "next_offset": page.nextOffset.map { .integer(Int64($0)) } ?? .null,
            "next_cursor": JSONValue(page.nextCursor?.text),
            "limit": .integer(Int64(limit)),
            "offset": .integer(Int64(offset)),
        ])
    }

    @Sendable private func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        guard let event = try await processor.store.event(id: id) else { throw Self.notFound(id) }
        return .json(answers.json(event, withThumbnail: true))
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        guard try await processor.delete(eventID: id) else { throw Self.notFound(id) }
        return Response(status: .noContent)
    }

    private static func notFound(_ id: String) -> Problem {
        Problem(.notFound, .string("Event \(id.prefix(100)) not found"))
    }
}

/// The order of a listing by time.
enum SortOrder: String, CaseIterable, Sendable {
    case desc
    case asc
}
