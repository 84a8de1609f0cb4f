// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird

/// Tells browsers to take answers for what they are, and to let no other site use them.
///
/// A page may load what this server has and run nothing that stands in the page itself; everything else is no page at
/// all. Nothing may be framed, and nothing is of use to pages of other sites, pictures neither: a server that asks for
/// no key would show them to any page its owner visits.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = APIContext

    private static let pagePolicy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    private static let otherPolicy = "default-src 'none'; frame-ancestors 'none'"

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        let isPage = response.headers[.contentType]?.hasPrefix("text/html") == true
        // Not "no-referrer": with that, browsers leave out where forms come from.
        let always: [(HTTPField.Name, String)] = [
            (.xContentTypeOptions, "nosniff"), (.frameOptions, "DENY"), (.referrerPolicy, "same-origin"),
            (.openerPolicy, "same-origin"), (.resourcePolicy, "same-origin"),
        ]
        for (name, value) in always { response.headers[name] = value }
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = isPage ? Self.pagePolicy : Self.otherPolicy
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}

extension HTTPField.Name {
    fileprivate static let frameOptions = Self("X-Frame-Options") ?? .via
    fileprivate static let referrerPolicy = Self("Referrer-Policy") ?? .via
    fileprivate static let openerPolicy = Self("Cross-Origin-Opener-Policy") ?? .via
    fileprivate static let resourcePolicy = Self("Cross-Origin-Resource-Policy") ?? .via
}
