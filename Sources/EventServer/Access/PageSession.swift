// SPDX-License-Identifier: MIT
internal import EventStorage

/// The browser behind a request: what its pages put into forms, and what they may offer.
///
/// There is one for each request that carries a session cookie, and for each request of a page, which gets the cookie
/// with its answer. Requests of the API without a cookie have none.
struct PageSession: Sendable, Equatable {
    /// Sent back with every change, as the form field `csrf_token` or the header `X-CSRF-Token`.
    let csrfToken: String
    /// What the browser may do; everything where the server asks for no key.
    let scopes: Set<AccessScope>
    /// Whether the browser has shown a key: only then is there something to sign out of.
    let isSignedIn: Bool
    /// The name of that key; nil for the key of the configuration.
    var keyName: String?
    /// Whether the server asks for keys: only then is there something to sign in to.
    var needsKey = true

    /// Whether the browser may do what needs `scope`.
    func admits(_ scope: AccessScope) -> Bool { scopes.admit(scope) }
}
