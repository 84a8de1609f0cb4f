// SPDX-License-Identifier: MIT
internal import EventStorage

/// Who a request comes from, as far as it matters.
struct Caller: Sendable, Equatable {
    /// What the caller may do.
    let scopes: Set<AccessScope>
    /// The name of the caller's key; nil for the key of the configuration, and where no key is asked for.
    let keyName: String?
    /// Whether the caller is a browser that has signed in.
    var isSession = false

    /// Where no key is asked for, everybody may do everything.
    static let anybody = Caller(scopes: Set(AccessScope.allCases), keyName: nil)

    /// Whoever has the key of the configuration.
    static let owner = Caller(scopes: [.admin], keyName: nil)
}
