// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import Hummingbird

/// A method on a path, what answers it, and what the API description says about it.
struct Endpoint: Sendable {
    /// Who may call it when the server asks for keys.
    enum Access: Sendable, Equatable {
        /// Who has a key with this scope.
        case key(AccessScope)
        /// The same for a page: who has none is sent to the login form instead of getting a 401.
        case page(AccessScope)
        /// Everybody.
        case open
        /// Everybody; a page, which gets a session to put into its forms.
        case openPage
        /// Everybody, and outside of the limits on requests in flight: the probes of a supervisor.
        case probe
    }

    let method: HTTPRequest.Method
    let path: String
    let access: Access
    /// Nil keeps the endpoint out of the description.
    let operation: Operation?
    let answer: @Sendable (Request, APIContext) async throws -> Response

    /// An endpoint; unless `access` says otherwise, reading needs the scope `read` and everything else `write`.
    init(
        _ method: HTTPRequest.Method, _ path: String, access: Access? = nil, _ operation: Operation?,
        answer: @escaping @Sendable (Request, APIContext) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access ?? .key(method.isSafe ? .read : .write)
        self.operation = operation
        self.answer = answer
    }

    /// Whether a browser is given a session here when it has none.
    var isPage: Bool {
        switch access {
        case .page, .openPage: true
        case .key, .open, .probe: false
        }
    }

    var template: PathTemplate { PathTemplate(path) }

    /// The scope that a key needs here; nil where none is needed.
    var scope: AccessScope? {
        switch access {
        case .key(let scope), .page(let scope): scope
        case .open, .openPage, .probe: nil
        }
    }

    /// Whether a browser must show that the request comes from a page of ours: everything that changes something.
    ///
    /// A search that is a POST changes nothing, and needs the scope `read`.
    var needsToken: Bool { !method.isSafe && scope != .read }
}

extension HTTPRequest.Method {
    /// Whether a request only asks, RFC 9110 section 9.2.1.
    var isSafe: Bool { self == .get || self == .head || self == .options }
}
