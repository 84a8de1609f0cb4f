// SPDX-License-Identifier: MIT
internal import Crypto
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// Lets in who has the API key.
///
/// Digests are compared instead of texts, in constant time, so that the answer's time tells nothing about the key.
struct Authentication: RouterMiddleware {
    typealias Context = APIContext

    private let keyDigest: SHA256.Digest
    private let open: [PathTemplate]

    init(key: APIKey, endpoints: [Endpoint]) {
        keyDigest = SHA256.hash(data: Data(key.text.utf8))
        open = endpoints.filter { $0.scope == nil }.map(\.template)
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if isOpen(request.uri.path) { return try await next(request, context) }
        guard let key = Self.key(of: request), SHA256.hash(data: Data(key.utf8)) == keyDigest else {
            throw Problem.unauthenticated
        }
        return try await next(request, context)
    }

    private func isOpen(_ path: String) -> Bool {
        open.contains { $0.literalMatches(of: path) == $0.segments.count }
    }

    private static func key(of request: Request) -> String? {
        if let key = request.headers[.apiKey] { return key }
        guard let authorization = request.headers[.authorization] else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimmingCharacters(in: .whitespaces)
    }
}

extension HTTPField.Name {
    static let apiKey = Self("X-API-Key") ?? .authorization
    static let prefer = Self("Prefer") ?? .accept
    static let preferenceApplied = Self("Preference-Applied") ?? .accept
}
