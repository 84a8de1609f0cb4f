// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import Hummingbird

/// `/login` and `/logout`: a browser shows a key once and goes by a cookie from then on.
struct LoginController: Sendable {
    /// Longest key that is looked at.
    static let keyLimit = 500

    let control: AccessControl
    let bodies: BodyReader
    let limiter = LoginLimiter()

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/login", access: .openPage, nil, answer: form),
            Endpoint(.post, "/login", access: .openPage, nil, answer: signIn),
            Endpoint(.post, "/logout", access: .openPage, nil, answer: signOut),
        ]
    }

    @Sendable private func form(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        let next = LocalPath.checked(fields.text("next", maximumLength: 2000))
        guard context.session?.needsKey == true, context.session?.isSignedIn != true else {
            return Self.redirect(to: next)
        }
        return page(LoginForm(next: next), context)
    }

    @Sendable private func signIn(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await bodies.bytes(of: request)
        var fields = QueryFields(query: String(decoding: body, as: UTF8.self))
        let next = LocalPath.checked(fields.text("next", maximumLength: 2000))
        let key = (fields.text("key", maximumLength: Self.keyLimit) ?? "").trimming(while: \.isWhitespace)
        let address = ClientAddress.group(of: context.remoteAddress)
        if let wait = limiter.take(address) {
            var response = page(LoginForm(next: next, failure: .tooMany(seconds: wait)), context)
            response.status = .tooManyRequests
            response.headers[.retryAfter] = String(wait)
            return response
        }
        let old = SessionCookie.token(of: request)
        guard let token = try await control.signIn(key: key, replacing: old) else {
            context.logger.notice("sign-in refused", metadata: ["client": .string(address)])
            var response = page(LoginForm(next: next, failure: .wrongKey), context)
            response.status = .forbidden
            return response
        }
        limiter.giveBack(address)
        var response = Self.redirect(to: next)
        response.headers[.setCookie] = SessionCookie.header(token, for: request)
        return response
    }

    @Sendable private func signOut(_ request: Request, _ context: APIContext) async throws -> Response {
        if let token = SessionCookie.token(of: request) { try await control.signOut(token) }
        var response = Self.redirect(to: "/login")
        response.headers[.setCookie] = SessionCookie.expired(for: request)
        return response
    }

    private func page(_ form: LoginForm, _ context: APIContext) -> Response {
        let message = form.failure.map { "<p role=\"alert\">\($0.text)</p>" } ?? ""
        let html = """
            <!DOCTYPE html><html lang="en"><title>Sign in</title><h1>Sign in</h1>\(message)
            <form method="post" action="/login"><input type="hidden" name="csrf_token" value="\(context.session?.csrfToken ?? "")">
            <label>Key <input type="password" name="key"></label><button>Sign in</button></form>
            """
        return .bytes(Array(html.utf8), contentType: "text/html; charset=utf-8")
    }

    private static func redirect(to location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }
}
