// SPDX-License-Identifier: MIT
import Foundation

/// The proxy that the environment names, as curl reads it: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`,
/// in lower case first.
struct ProxyEnvironment: Sendable {
    let variables: [String: String]

    /// The proxy for `address`, or nil for a direct connection.
    ///
    /// - Throws: `.proxyUnsupported` for a proxy that is neither `http` nor `socks5`.
    func proxy(for address: RemoteAddress) throws(WeightsFetchError) -> ProxySetting? {
        guard !isExcluded(address.host) else { return nil }
        guard let text = value(address.isEncrypted ? "https_proxy" : "http_proxy") ?? value("all_proxy")
        else {
            return nil
        }
        let withScheme = text.contains("://") ? text : "http://" + text
        guard let url = URL(string: withScheme), let host = url.host, !host.isEmpty else {
            throw .proxyUnsupported(proxy: Self.redacted(text))
        }
        switch url.scheme?.lowercased() {
        case "http":
            return .http(
                host: host, port: url.port ?? 80, user: url.user(percentEncoded: false),
                password: url.password(percentEncoded: false))
        case "socks5", "socks5h": return .socks(host: host, port: url.port ?? 1080)
        default: throw .proxyUnsupported(proxy: Self.redacted(text))
        }
    }

    private func value(_ name: String) -> String? {
        [variables[name], variables[name.uppercased()]].compactMap(\.self).first { !$0.isEmpty }
    }

    private func isExcluded(_ host: String) -> Bool {
        let host = host.lowercased()
        return (value("no_proxy") ?? "").split(separator: ",").contains { entry in
            var suffix = entry.trimmingCharacters(in: .whitespaces).lowercased()
            if suffix == "*" { return true }
            if suffix.hasPrefix("*") { suffix.removeFirst() }
            if suffix.hasPrefix(".") { suffix.removeFirst() }
            return !suffix.isEmpty && (host == suffix || host.hasSuffix("." + suffix))
        }
    }

    /// Without what may be a password.
    private static func redacted(_ proxy: String) -> String {
        proxy.split(separator: "@").last.map(String.init) ?? proxy
    }
}
