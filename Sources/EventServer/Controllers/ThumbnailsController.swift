// SPDX-License-Identifier: MIT
internal import Digests
internal import EmbeddingService
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Imaging
internal import JSONValues
internal import NIOPosix

/// The pictures of events, byte for byte as they came.
struct ThumbnailsController: Sendable {
    let processor: EventProcessor

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/api/v1/thumbnails/{date}/{file}", Self.fileOperation, answer: file),
            Endpoint(.get, "/api/v1/events/{event_id}/thumbnail", Self.eventOperation, answer: ofEvent),
        ]
    }

    @Sendable private func file(_ request: Request, _ context: APIContext) async throws -> Response {
        let date = context.pathParameter("date")
        let file = context.pathParameter("file")
        guard let location = processor.thumbnails.resolve("\(date)/\(file)") else { throw Self.notFound }
        return try await picture(at: location, request)
    }

    @Sendable private func ofEvent(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("event_id")
        guard let stored = try await processor.store.thumbnail(eventID: id) else {
            throw Problem(.notFound, .string("Event \(id.prefix(100)) not found"))
        }
        switch stored {
        case .none: throw Self.notFound
        case .inline(let base64):
            guard let bytes = InlineThumbnail.bytes(of: base64) else { throw Self.notFound }
            return Self.answer(bytes, request)
        case .file(let spelling):
            guard let location = processor.thumbnails.resolve(spelling) else { throw Self.notFound }
            return try await picture(at: location, request)
        }
    }

    private func picture(at location: ThumbnailLocation, _ request: Request) async throws -> Response {
        let thumbnails = processor.thumbnails
        let limit = processor.embedder.options.limits.maximumByteCount
        let read = try await NIOThreadPool.singleton.runIfActive {
            Result { () throws(ThumbnailError) in try thumbnails.read(location, limit: limit) }
        }
        guard let bytes = try? read.get() else { throw Self.notFound }
        return Self.answer(bytes, request)
    }

    private static func answer(_ bytes: [UInt8], _ request: Request) -> Response {
        let digest = SHA256.hash(bytes).hexadecimal(prefix: 16)
        let tag = "\"\(digest)\""
        var response: Response
        if matches(request.headers[.ifNoneMatch], tag) {
            response = Response(status: .notModified)
        } else {
            response = .bytes(bytes, contentType: ThumbnailType(of: bytes).contentType)
        }
        response.headers[.eTag] = tag
        response.headers[.cacheControl] = "private, max-age=86400"
        return response
    }

    private static func matches(_ header: String?, _ tag: String) -> Bool {
        (header ?? "").split(separator: ",").contains { candidate in
            let candidate = candidate.trimmingCharacters(in: .whitespaces)
            return candidate == "*" || candidate == tag || candidate == "W/\(tag)"
        }
    }

    private static let notFound = Problem(.notFound, "Thumbnail not found")

    // MARK: - Description

    private static let pictures: [(type: String, schema: JSONValue)] = [
        "image/jpeg", "image/png", "image/webp", "image/gif", "application/octet-stream",
    ].map { ($0, [:]) }

    private static let answers: [Operation.Answer] = [
        .init(
            status: 200, description: "The picture.", content: pictures,
            headers: [("ETag", "Changes with the bytes."), ("Cache-Control", "Private.")]),
        .json(304, "The picture is the one that If-None-Match names."),
        .problem(404, "There is no such picture."),
    ]

    private static let fileOperation = Operation(
        name: "get_thumbnail", tag: "Thumbnails", summary: "A thumbnail by its place", answers: answers)

    private static let eventOperation = Operation(
        name: "get_event_thumbnail", tag: "Thumbnails", summary: "The thumbnail of an event", answers: answers
    )
}
