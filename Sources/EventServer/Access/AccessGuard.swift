// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import NIOCore

/// Lets a request through to its endpoint when its sender may call it.
///
/// Programs show a key with each request. Browsers show the cookie of their session, which they send along whoever
/// makes the request; so a change needs the session's token too, which only pages of ours can read. Where no key is
/// asked for, a name that is not this machine's is refused, because any web page could be behind it.
struct AccessGuard: RouterMiddleware {
    typealias Context = APIContext

    /// Largest form that is looked through for its token.
    static let formLimit = 64 << 10

    private let control: AccessControl
    private let endpoints: [String: Endpoint]
    private let open: [PathTemplate]
    private let site: PageSite

    /// - Parameters:
    ///   - control: Knows keys and sessions.
    ///   - endpoints: All of them, with what each needs.
    ///   - site: Shows refusals to people.
    init(control: AccessControl, endpoints: [Endpoint], site: PageSite) {
        self.control = control
        self.site = site
        self.endpoints = Dictionary(
            endpoints.map { ("\($0.method.rawValue) \($0.path)", $0) }, uniquingKeysWith: { $1 })
        open = endpoints.filter { $0.scope == nil }.map(\.template)
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let endpoint = endpoint(of: request, context)
        if endpoint?.access == .probe { return try await next(request, context) }
        do {
            return try await admit(request, context, endpoint, next)
        } catch let problem as Problem where endpoint?.isPage == true {
            return await refuse(request, context, problem)
        } catch let error as StorageError where endpoint?.isPage == true {
            return await refuse(request, context, Problem(error))
        }
    }

    private func admit(
        _ request: Request, _ context: APIContext, _ endpoint: Endpoint?,
        _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let isOpen = try await control.isOpen()
        if isOpen, !RequestOrigin.isLocalHost(request.head.authority) { throw Problem.strangeHost }
        if !request.method.isSafe, RequestOrigin.isForeign(request) { throw Problem.foreignOrigin }

        let cookie = SessionCookie.token(of: request)
        let key = Self.key(of: request)
        let caller = try await caller(key: key, cookie: cookie, isOpen: isOpen)
        if let refusal = refusal(of: request, endpoint, caller) { throw refusal }
        var request = request
        if key == nil, endpoint?.needsToken == true {
            try await Self.checkToken(of: &request, cookie, isOpen: isOpen)
        }
        return try await answer(
            request, context, endpoint, caller, token: key == nil ? cookie : nil, isOpen: isOpen, next)
    }

    private func endpoint(of request: Request, _ context: APIContext) -> Endpoint? {
        let method = request.method == .head ? "GET" : request.method.rawValue
        return context.endpointPath.flatMap { endpoints["\(method) \($0)"] }
    }

    /// Who asks: whoever the key belongs to when there is one, right or wrong, else whoever the cookie belongs to.
    private func caller(key: String?, cookie: SecretToken?, isOpen: Bool) async throws -> Caller? {
        if isOpen { return .anybody }
        if let key { return try await control.caller(key: key) }
        if let cookie { return try await control.caller(session: cookie) }
        return nil
    }

    // MARK: Refusals

    private func refusal(of request: Request, _ endpoint: Endpoint?, _ caller: Caller?) -> Problem? {
        guard let endpoint else {
            // Which paths there are is nobody's business without a key.
            return caller == nil && !isOpen(request.uri.path) ? .unauthenticated : nil
        }
        guard let scope = endpoint.scope else { return nil }
        guard let caller else { return .unauthenticated }
        return caller.scopes.admit(scope) ? nil : .insufficientScope(scope)
    }

    private func isOpen(_ path: String) -> Bool {
        open.contains { $0.literalMatches(of: path) == $0.segments.count }
    }

    /// What a person sees instead of a page: the form for signing in, or why not.
    private func refuse(_ request: Request, _ context: APIContext, _ problem: Problem) async -> Response {
        guard problem.status == .unauthorized else {
            var context = context
            context.session = nil
            return await site.page(for: problem, context)
        }
        let next = request.method.isSafe ? request.head.path ?? "/" : "/"
        return PageSite.redirect(to: PageLocation("/login", [("next", next)]).text)
    }

    private static func checkToken(
        of request: inout Request, _ cookie: SecretToken?, isOpen: Bool
    ) async throws(Problem) {
        // A program on this machine that has never seen a page.
        if isOpen, cookie == nil { return }
        let sent: String?
        if let header = request.headers[.csrfToken] {
            sent = header
        } else {
            sent = try await formToken(of: &request)
        }
        guard let cookie, let sent, SecretToken.matches(sent, cookie.csrfToken) else { throw .wrongToken }
    }

    /// The token in a form, which stays readable for the endpoint.
    private static func formToken(of request: inout Request) async throws(Problem) -> String? {
        let type = MediaTypeName(request.headers[.contentType])
        guard type.name == "application/x-www-form-urlencoded" else { return nil }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: formLimit)
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit: formLimit)
        } catch {
            throw Problem(.badRequest, "The request body ended early.", headers: [.connection: "close"])
        }
        request.body = RequestBody(buffer: body)
        var fields = QueryFields(query: String(buffer: body))
        return fields.text("csrf_token")
    }

    // MARK: Sessions

    private func answer(
        _ request: Request, _ context: APIContext, _ endpoint: Endpoint?, _ caller: Caller?,
        token: SecretToken?, isOpen: Bool, _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let fresh = token == nil && endpoint?.isPage == true ? SecretToken() : nil
        if let token = token ?? fresh {
            context.session = PageSession(
                csrfToken: token.csrfToken, scopes: caller?.scopes ?? [],
                isSignedIn: caller?.isSession == true, keyName: caller?.keyName, needsKey: !isOpen)
        }
        var response = try await next(request, context)
        if let fresh, response.headers[.setCookie] == nil {
            response.headers[.setCookie] = SessionCookie.header(fresh, for: request)
        }
        return response
    }

    private static func key(of request: Request) -> String? {
        if let key = request.headers[.apiKey] { return key }
        guard let authorization = request.headers[.authorization] else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        // Another scheme is that of a proxy in front of the server.
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimming { $0 == " " || $0 == "\t" }
    }
}

extension StringProtocol {
    /// Without the characters of one kind at both ends.
    func trimming(while predicate: (Character) -> Bool) -> String {
        var text = String(drop(while: predicate))
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}

extension Problem {
    fileprivate static let strangeHost = Problem(
        .misdirectedRequest,
        "This server asks for no key, so it answers only to names of this machine, such as localhost. Make a key with 'afterimage keys create' to use it by another name."
    )
    fileprivate static let foreignOrigin = Problem(
        .forbidden, "A page of another site made this request; only pages of this server may change anything."
    )
    fileprivate static let wrongToken = Problem(
        .forbidden, "The token of the page is missing or old; load the page again, then repeat the change.")

    static func insufficientScope(_ scope: AccessScope) -> Problem {
        Problem(
            .forbidden, .string("The key has not the scope '\(scope.rawValue)', which is needed here."),
            headers: [
                .wwwAuthenticate: "Bearer error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""
            ])
    }
}

extension HTTPField.Name {
    static let apiKey = Self("X-API-Key") ?? .authorization
    static let prefer = Self("Prefer") ?? .accept
    static let preferenceApplied = Self("Preference-Applied") ?? .accept
}
