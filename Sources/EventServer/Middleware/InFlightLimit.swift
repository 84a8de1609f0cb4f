// SPDX-License-Identifier: MIT
internal import Hummingbird
internal import Synchronization

/// Refuses requests beyond the number that may be in hand at once; probes pass always.
final class InFlightLimit: RouterMiddleware {
    typealias Context = APIContext

    private let limit: Int
    private let probes: Set<String>
    private let inFlight = Mutex(0)

    init(limit: Int, endpoints: [Endpoint]) {
        self.limit = limit
        probes = Set(endpoints.filter { $0.access == .probe }.map(\.path))
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if probes.contains(request.uri.path) { return try await next(request, context) }
        let isAdmitted = inFlight.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard isAdmitted else {
            throw Problem.busy("More than \(limit) requests are in hand; try again in a moment.")
        }
        defer { inFlight.withLock { $0 -= 1 } }
        return try await next(request, context)
    }
}
