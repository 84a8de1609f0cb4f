// SPDX-License-Identifier: MIT
import Foundation

/// An `http` or `https` address with a host.
package struct RemoteAddress: Equatable, Sendable {
    let url: URL

    /// Checks an address as a user or a manifest wrote it.
    ///
    /// - Throws: `.localSource` for `file:` addresses, `.unsupportedScheme` for other protocols, `.malformedURL`
    ///   where there is no host.
    package init(_ text: String) throws(WeightsFetchError) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased() else {
            throw .malformedURL(text: text)
        }
        if scheme == "file" { throw .localSource(path: url.path) }
        guard scheme == "https" || scheme == "http" else { throw .unsupportedScheme(url: text) }
        guard let host = url.host, !host.isEmpty else { throw .malformedURL(text: text) }
        self.url = url
    }

    /// The target of a redirect from here, which may be relative.
    ///
    /// - Throws: `.insecureRedirect` from https to http, `.unsupportedRedirect` to anything that is not HTTP.
    func redirected(to location: String) throws(WeightsFetchError) -> RemoteAddress {
        guard let target = URL(string: location, relativeTo: url)?.absoluteURL else {
            throw .malformedURL(text: location)
        }
        let scheme = target.scheme?.lowercased() ?? ""
        guard scheme == "https" || scheme == "http" else {
            throw .unsupportedRedirect(from: redacted, scheme: scheme)
        }
        let next = try RemoteAddress(target.absoluteString)
        if isEncrypted, !next.isEncrypted { throw .insecureRedirect(from: redacted, to: next.redacted) }
        return next
    }

    /// The address of a file beside this one, in the same folder of the server.
    func sibling(named name: String) throws(WeightsFetchError) -> RemoteAddress {
        guard let sibling = URL(string: name, relativeTo: url)?.absoluteURL else {
            throw .malformedURL(text: name)
        }
        return try RemoteAddress(sibling.absoluteString)
    }

    package var isEncrypted: Bool { url.scheme?.lowercased() == "https" }

    package var host: String { url.host ?? "" }

    /// The address without user name, password, query and fragment, which may be secrets.
    package var redacted: String {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        parts?.user = nil
        parts?.password = nil
        parts?.query = nil
        parts?.fragment = nil
        return parts?.string ?? host
    }

    /// Last part of the path as a file name, or nil where it would not be a plain one.
    var fileName: String? {
        let name = url.lastPathComponent
        let isPlain = !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 200
        return isPlain && !name.contains("/") && !name.contains("\0") ? name : nil
    }
}
