// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird

/// The cookie that a browser's session goes by.
enum SessionCookie {
    static let plainName = "afterimage_session"

    /// By https another name, which browsers keep from being set by http: and a secure cookie of the plain name would keep
    /// them from signing in by http on the same host.
    private static func name(for request: Request) -> String {
        isSecure(request) ? "__Host-\(plainName)" : plainName
    }

    /// The token of the request's cookie; nil without one, and for anything that is no token of ours.
    ///
    /// Two cookies of this name with different values are none: another server on this host may have planted one, and
    /// nothing says which.
    static func token(of request: Request) -> SecretToken? {
        let name = name(for: request)
        let values = Set(
            request.headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, trimmed(parts[0]) == name else { return nil }
                return trimmed(parts[1])
            } as [Substring])
        guard values.count == 1, let value = values.first else { return nil }
        return SecretToken(value)
    }

    /// The header that gives the browser `token`; it forgets the cookie when it is closed.
    ///
    /// Scripts cannot read it, and requests that other sites make do not carry it. Secure only where the browser came
    /// by https, because the server itself speaks http and a proxy in front of it says so.
    static func header(_ token: SecretToken, for request: Request) -> String {
        "\(name(for: request))=\(token.text); Path=/; HttpOnly; SameSite=Strict\(isSecure(request) ? "; Secure" : "")"
    }

    /// The header that makes the browser forget the cookie.
    static func expired(for request: Request) -> String {
        "\(name(for: request))=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0\(isSecure(request) ? "; Secure" : "")"
    }

    private static func isSecure(_ request: Request) -> Bool {
        request.headers[.forwardedProtocol]?.lowercased() == "https"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

extension HTTPField.Name {
    static let clearSiteData = Self("Clear-Site-Data") ?? .cacheControl
    static let forwardedProtocol = Self("X-Forwarded-Proto") ?? .via
    static let csrfToken = Self("X-CSRF-Token") ?? .cookie
}
