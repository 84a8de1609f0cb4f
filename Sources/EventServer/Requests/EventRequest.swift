// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues

/// Reads a new event out of a request.
struct EventRequest: Sendable {
    let bodies: BodyReader
    let thumbnails: ThumbnailStore

    /// The event of a JSON body or of a form with the parts `event` and `thumbnail`.
    ///
    /// - Throws: ``Problem``: 422 with every invalid field, 400 for a thumbnail that is not base64, and those of
    ///   ``BodyReader``.
    func event(of request: Request) async throws(Problem) -> ReceivedEvent {
        let type = MediaTypeName(request.headers[.contentType])
        if type.isMultipart { return try await form(request) }
        return try event(from: try await bodies.json(of: request), upload: nil)
    }

    private func form(_ request: Request) async throws(Problem) -> ReceivedEvent {
        guard let boundary = MultipartParser.boundary(contentType: request.headers[.contentType] ?? "") else {
            throw .invalid([.value("the form's content type has no boundary", ["body"], .null)])
        }
        let body = try await bodies.bytes(of: request)
        let parts: [MultipartPart]
        do throws(MultipartError) {
            parts = try MultipartParser.parse(body: body, boundary: boundary)
        } catch {
            throw .invalid([.value(error.description, ["body"], .null)])
        }
        guard let event = parts.last(where: { $0.name == "event" }) else {
            throw .invalid([.missing(["body", "event"], input: .array(parts.map { .string($0.name) }))])
        }
        let thumbnail = parts.last { $0.name == "thumbnail" }
        return try self.event(
            from: try BodyReader.parse(Array(event.body)), upload: thumbnail.map { Array($0.body) })
    }

    private func event(from body: JSONValue, upload: [UInt8]?) throws(Problem) -> ReceivedEvent {
        var fields = try BodyFields(body)
        let id = fields.identifier("id")
        let camera = fields.text("camera_id", lengths: 1...255, isRequired: true)
        let timestamp = fields.time("timestamp")
        let description = fields.text("description", lengths: 1...5000, isRequired: true)
        let confidence = fields.integer("confidence", in: 0...100, isRequired: true)
        let objects = fields.choices("objects_detected", of: ObjectType.self)
        let base64 = fields.text("thumbnail_base64", lengths: 0...Int.max)
        let path = thumbnailPath(&fields)
        let alertTriggered = fields.boolean("alert_triggered", default: false)
        let source = fields.choice("source_type", of: SourceType.self, acceptsNull: false)
        let detection = fields.choice("smart_detection_type", of: SmartDetectionType.self, acceptsNull: true)
        let isDoorbellRing = fields.boolean("is_doorbell_ring", default: false)
        try fields.finish()
        guard let camera, let timestamp, let description, let confidence else {
            throw .invalid(fields.issues)
        }

        var event = ReceivedEvent(
            id: id, cameraID: camera, timestamp: timestamp, description: description, confidence: confidence,
            objectsDetected: objects)
        event.alertTriggered = alertTriggered
        event.sourceType = source ?? .rtsp
        event.smartDetectionType = detection
        event.isDoorbellRing = isDoorbellRing
        if let upload {
            event.thumbnail = .bytes(upload)
        } else if let base64, !base64.isEmpty {
            event.thumbnail = .bytes(try ThumbnailUpload.bytes(of: base64))
        } else if let path {
            event.thumbnail = .file(path.location, spelling: path.spelling)
        }
        return event
    }

    private func thumbnailPath(
        _ fields: inout BodyFields
    ) -> (location: ThumbnailLocation, spelling: String)? {
        guard let spelling = fields.text("thumbnail_path", lengths: 1...500) else { return nil }
        guard let location = thumbnails.resolve(spelling) else {
            fields.report(
                .value(
                    "the path must lie inside the thumbnail directory, as DATE/FILE",
                    ["body", "thumbnail_path"],
                    .string(spelling)))
            return nil
        }
        return (location, spelling)
    }
}
