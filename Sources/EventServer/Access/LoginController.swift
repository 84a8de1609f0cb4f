// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// `/login` and `/logout`: a browser shows a key once and goes by a cookie from then on.
struct LoginController: Sendable {
    /// Longest key that is looked at.
    static let keyLimit = 500

    let site: PageSite
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
        // Whose key may not read sees the form again: no page has anything for it, not even a way out.
        let isDone = context.session?.isSignedIn == true && context.session?.admits(.read) == true
        guard context.session?.needsKey == true, !isDone else { return PageSite.redirect(to: next) }
        return await page(LoginForm(next: next), context)
    }

    @Sendable private func signIn(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await bodies.bytes(of: request)
        var fields = QueryFields(query: String(decoding: body, as: UTF8.self))
        let next = LocalPath.checked(fields.text("next", maximumLength: 2000))
        let key = (fields.text("key", maximumLength: Self.keyLimit) ?? "").trimming(while: \.isWhitespace)
        let address = ClientAddress.group(of: context.remoteAddress)
        if let wait = limiter.take(address) {
            var response = await page(
                LoginForm(next: next, failure: .tooMany(seconds: wait)), context, status: .tooManyRequests)
            response.headers[.retryAfter] = String(wait)
            return response
        }
        let old = SessionCookie.token(of: request)
        guard let token = try await control.signIn(key: key, replacing: old) else {
            context.logger.notice("sign-in refused", metadata: ["client": .string(address)])
            return await page(LoginForm(next: next, failure: .wrongKey), context, status: .forbidden)
        }
        limiter.giveBack(address)
        var response = PageSite.redirect(to: next)
        response.headers[.setCookie] = SessionCookie.header(token, for: request)
        return response
    }

    @Sendable private func signOut(_ request: Request, _ context: APIContext) async throws -> Response {
        if let token = SessionCookie.token(of: request) { try await control.signOut(token) }
        var response = PageSite.redirect(to: "/login")
        response.headers[.setCookie] = SessionCookie.expired(for: request)
        // Pages that the browser keeps for its back button go too.
        response.headers[.clearSiteData] = "\"cache\""
        return response
    }

    private func page(
        _ form: LoginForm, _ context: APIContext, status: HTTPResponse.Status = .ok
    ) async -> Response {
        let view: PageView = ["next": form.next, "failure": form.failure?.text]
        return await site.page("login", view, .init(title: "Sign in", status: status), context)
    }
}
