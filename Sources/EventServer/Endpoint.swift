// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird

/// A method on a path, what answers it, and what the API description says about it.
struct Endpoint: Sendable {
    /// Who may call it when the server has an API key.
    enum Access: Sendable {
        /// Only who has the key.
        case key
        /// Everybody.
        case open
        /// Everybody, and outside of the limits on requests in flight: the probes of a supervisor.
        case probe
    }

    let method: HTTPRequest.Method
    let path: String
    let access: Access
    /// Nil keeps the endpoint out of the description.
    let operation: Operation?
    let answer: @Sendable (Request, APIContext) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, access: Access = .key, _ operation: Operation?,
        answer: @escaping @Sendable (Request, APIContext) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.operation = operation
        self.answer = answer
    }

    var template: PathTemplate { PathTemplate(path) }
}
