// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import NIOCore

/// `/context/adjustments`: what the owner decided about entities, to read, to export and to take back.
struct AdjustmentsController: Sendable {
    let processor: EventProcessor

    private static let exportPage = 500

    var endpoints: [Endpoint] {
        let base = "/api/v1/context/adjustments"
        return [
            Endpoint(.get, base, Self.listOperation, answer: list),
            Endpoint(.get, "\(base)/export", Self.exportOperation, answer: export),
            Endpoint(.post, "\(base)/{adjustment_id}/undo", Self.undoOperation, answer: undo),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        let page = fields.integer("page", in: 1...1_000_000) ?? 1
        let limit = fields.integer("limit", in: 1...100) ?? 50
        var query = Self.query(&fields)
        try fields.finish()
        query.limit = limit
        query.offset = (page - 1) * limit
        let found = try await processor.store.adjustments(query)
        return .json([
            "adjustments": .array(found.adjustments.map(\.json)), "total": .integer(Int64(found.total)),
            "page": .integer(Int64(page)), "limit": .integer(Int64(limit)),
            "has_more": .bool(query.offset + found.adjustments.count < found.total),
        ])
    }

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        var query = Self.query(&fields)
        try fields.finish()
        query.limit = Self.exportPage
        var bytes: [UInt8] = []
        while true {
            let found = try await processor.store.adjustments(query).adjustments
            for adjustment in found { bytes += adjustment.json.serialized() + [UInt8(ascii: "\n")] }
            guard found.count == query.limit else { break }
            query.offset += query.limit
        }
        return .bytes(bytes, contentType: "application/x-ndjson")
    }

    private static func query(_ fields: inout QueryFields) -> AdjustmentQuery {
        var query = AdjustmentQuery()
        query.action = fields.choice("action", of: EntityAdjustment.Action.self)
        query.entityID = fields.text("entity_id")
        query.startTime = fields.time("start_date")
        query.endTime = fields.time("end_date")
        return query
    }

    @Sendable private func undo(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("adjustment_id")
        let done: EntityAdjustment
        do throws(EntityDecisionError) {
            done = try await processor.decide { store throws(EntityDecisionError) in
                try await store.undo(adjustmentID: id)
            }
        } catch {
            throw Problem(error)
        }
        return .json([
            "success": true, "message": "The decision was taken back", "undone_adjustment_id": .string(id),
            "adjustment": done.json,
        ])
    }

    // MARK: - Description

    static let adjustmentSchema = Schema.object([
        ("id", Schema.string()), ("action", Schema.choice(EntityAdjustment.Action.self)),
        ("event_id", Schema.nullable(Schema.string())), ("old_entity_id", Schema.nullable(Schema.string())),
        ("old_entity_name", Schema.nullable(Schema.string())),
        ("new_entity_id", Schema.nullable(Schema.string())),
        ("new_entity_name", Schema.nullable(Schema.string())), ("event_count", Schema.count),
        ("created_at", Schema.time), ("undone_at", Schema.nullable(Schema.time)),
        ("undoes", Schema.nullable(Schema.string(description: "The adjustment that this one took back."))),
    ])

    private static let filters: [(name: String, schema: JSONValue, description: String)] = [
        ("action", Schema.choice(EntityAdjustment.Action.self), "Only decisions of this kind."),
        ("entity_id", Schema.string(), "Only decisions about this entity."),
        ("start_date", Schema.time, "At or after this moment."),
        ("end_date", Schema.time, "At or before this moment."),
    ]

    private static let listOperation = Operation(
        name: "list_adjustments", tag: "Entities",
        summary: "The owner's decisions about entities, latest first",
        description: "They keep identifiers and names of events and entities that are gone.",
        query: [
            ("page", Schema.integer(1...1_000_000, default: 1), "Which page."),
            ("limit", Schema.integer(1...100, default: 50), "Most on a page."),
        ] + filters,
        answers: [
            .json(
                200, "A page of decisions.",
                Schema.object([
                    ("adjustments", Schema.array(Schema.reference("Adjustment"))), ("total", Schema.count),
                    ("page", Schema.count), ("limit", Schema.count), ("has_more", Schema.boolean()),
                ])), .problem(422, "Parameters are invalid."),
        ])

    private static let exportOperation = Operation(
        name: "export_adjustments", tag: "Entities", summary: "The owner's decisions, one JSON object a line",
        query: filters,
        answers: [
            .init(
                status: 200, description: "The decisions, latest first.",
                content: [("application/x-ndjson", Schema.string())]),
            .problem(422, "Parameters are invalid."),
        ])

    private static let undoOperation = Operation(
        name: "undo_adjustment", tag: "Entities", summary: "Take a decision back",
        description: "Every event that still exists returns to where the decision took it from.",
        answers: [
            .json(
                200, "It was taken back.",
                Schema.object([
                    ("success", Schema.boolean()), ("message", Schema.string()),
                    ("undone_adjustment_id", Schema.string()), ("adjustment", Schema.reference("Adjustment")),
                ])), .problem(404, "There is no such adjustment."),
            .problem(409, "What it changed has changed again since, or it was undone already."),
            .problem(507, "The disk is full."),
        ])
}

extension EntityAdjustment {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "action": JSONValue(action?.rawValue), "event_id": JSONValue(eventID),
            "old_entity_id": JSONValue(oldEntityID), "old_entity_name": JSONValue(oldEntityName),
            "new_entity_id": JSONValue(newEntityID), "new_entity_name": JSONValue(newEntityName),
            "event_count": .integer(Int64(eventCount)), "created_at": .string(createdAt.iso8601),
            "undone_at": JSONValue(undoneAt?.iso8601), "undoes": JSONValue(undoes),
        ]
    }
}
