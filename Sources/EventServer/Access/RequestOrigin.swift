// SPDX-License-Identifier: MIT
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// What a browser says about the page that makes a request.
enum RequestOrigin {
    /// Whether a page of another site or another port makes this request.
    ///
    /// `Sec-Fetch-Site` is the browser's own word and no page can change it; where it is missing, `Origin` is compared
    /// with the host that was asked. Programs that are no browsers send neither.
    static func isForeign(_ request: Request) -> Bool {
        if let site = request.headers[.secFetchSite] { return site != "same-origin" && site != "none" }
        guard let origin = request.headers[.origin] else { return false }
        guard let separator = origin.range(of: "://") else { return true }
        let host = origin[separator.upperBound...].lowercased()
        // A proxy that changes the host tells the one that was asked; pages of other sites cannot set this header.
        let asked = [request.head.authority, request.headers[.forwardedHost]].compactMap { $0?.lowercased() }
        return !asked.contains(host)
    }

    /// Whether the host that was asked can only be this machine.
    ///
    /// A page of another site whose name its owner makes resolve to 127.0.0.1 asks for that name. A name without a dot
    /// is nobody's to register.
    static func isLocalHost(_ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return true }
        if authority.hasPrefix("[") { return authority.hasPrefix("[::1]") }
        let host = (authority.split(separator: ":").first ?? "").lowercased()
        if host.hasSuffix(".localhost") || !host.contains(".") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension HTTPField.Name {
    static let secFetchSite = Self("Sec-Fetch-Site") ?? .via
    static let forwardedHost = Self("X-Forwarded-Host") ?? .via
}
