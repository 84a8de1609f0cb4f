// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird

/// The cookie that a browser's session goes by.
enum SessionCookie {
    static let name = "afterimage_session"

    /// The token of the request's cookie; nil without one, and for anything that is no token of ours.
    ///
    /// Two cookies of this name with different values are none: another server on this host may have planted one, and
    /// nothing says which.
    static func token(of request: Request) -> SecretToken? {
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
        "\(name)=\(token.text); Path=/; HttpOnly; SameSite=Strict\(isSecure(request) ? "; Secure" : "")"
    }

    /// The header that makes the browser forget the cookie.
    static func expired(for request: Request) -> String {
        "\(name)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0\(isSecure(request) ? "; Secure" : "")"
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
    static let forwardedProtocol = Self("X-Forwarded-Proto") ?? .via
    static let csrfToken = Self("X-CSRF-Token") ?? .cookie
}
