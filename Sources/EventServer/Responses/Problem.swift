// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues

/// A request that cannot be fulfilled: status, the `detail` of the answer, and headers that belong to it.
struct Problem: Error {
    let status: HTTPResponse.Status
    let detail: JSONValue
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ detail: JSONValue, headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.headers = headers
    }

    var response: Response {
        var response = Response.json(["detail": detail], status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Problem {
    /// 422 with one entry for each invalid field.
    static func invalid(_ issues: [ValidationIssue]) -> Problem {
        Problem(.unprocessableContent, .array(issues.map(\.json)))
    }

    static let notFound = Problem(.notFound, "Not Found")
    static let eventNotFound = Problem(.notFound, "Event not found")

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let list = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        return Problem(.methodNotAllowed, "Method Not Allowed", headers: [.allow: list])
    }

    static func tooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge,
            .string("The request body is larger than \(limit) bytes, the limit of this server."),
            headers: [.connection: "close"])
    }

    static let unauthenticated = Problem(
        .unauthorized, "A valid API key is needed, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.",
        headers: [.wwwAuthenticate: "Bearer"])

    /// 503 with a hint when to come back.
    static func busy(_ reason: String) -> Problem {
        Problem(.serviceUnavailable, .string(reason), headers: [.retryAfter: "1"])
    }
}
