// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import NIOCore

/// Reads request bodies within the limits of one body and of all bodies in memory.
struct BodyReader: Sendable {
    /// Largest body in bytes.
    let limit: Int
    let budget: BodyBudget

    /// The whole body.
    ///
    /// - Throws: ``Problem``: 413 when it is larger than the limit, 503 when too many bytes are in memory already,
    ///   400 when the client goes away in the middle.
    func bytes(of request: Request) async throws(Problem) -> [UInt8] {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw .tooLarge(limit: limit) }
        let reserved = announced ?? limit
        guard budget.take(reserved) else {
            throw .busy("Too many uploads are in hand; try again in a moment.")
        }
        defer { budget.give(back: reserved) }
        do {
            return try await Array(buffer: request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit: limit)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw .tooLarge(limit: limit)
        } catch {
            throw Problem(.badRequest, "The request body ended early.", headers: [.connection: "close"])
        }
    }

    /// The body as JSON.
    ///
    /// - Throws: ``Problem``, also 415 for another type and 422 for text that is not JSON.
    func json(of request: Request) async throws(Problem) -> JSONValue {
        let type = MediaTypeName(request.headers[.contentType])
        guard type.name.isEmpty || type.isJSON else {
            throw Self.unsupported(type, expected: "application/json")
        }
        return try Self.parse(try await bytes(of: request))
    }

    static func parse(_ bytes: [UInt8]) throws(Problem) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch {
            throw .invalid([
                ValidationIssue(
                    type: "json_invalid", location: ["body", .integer(Int64(error.offset))],
                    message: "JSON decode error: \(error.reason)", input: [:])
            ])
        }
    }

    static func unsupported(_ type: MediaTypeName, expected: String) -> Problem {
        Problem(
            .unsupportedMediaType,
            .string("The body's type is '\(type.name.prefix(100))', expected \(expected)."),
            headers: [.connection: "close"])
    }
}

/// The type of a body without its parameters, in lower case.
struct MediaTypeName: Sendable {
    let name: String

    init(_ header: String?) {
        name = (header ?? "").prefix { $0 != ";" }.trimmingSuffix(while: \.isWhitespace)
            .drop(while: \.isWhitespace).lowercased()
    }

    var isJSON: Bool { name == "application/json" || name.hasSuffix("+json") }
    var isMultipart: Bool { name == "multipart/form-data" }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
