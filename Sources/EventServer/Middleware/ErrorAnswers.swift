// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import Logging

/// Turns every error into an answer in the API's form.
struct ErrorAnswers: RouterMiddleware {
    typealias Context = APIContext

    let endpoints: [Endpoint]

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response
        } catch let error as StorageError {
            let problem = Problem(error)
            if problem.status.kind == .serverError {
                context.logger.error("storage failed", metadata: ["error": .string(error.description)])
            }
            return problem.response
        } catch let error as HTTPError where error.status == .notFound {
            return unknownRoute(request).response
        } catch let error as any HTTPResponseError {
            return Problem(error.status, .string(error.status.reasonPhrase)).response
        } catch is CancellationError {
            return Problem.busy("The server is stopping.").response
        } catch {
            // The type only: a message might quote the request.
            context.logger.error("request failed", metadata: ["error.type": "\(type(of: error))"])
            return Problem(.internalServerError, "Internal Server Error").response
        }
    }

    /// 405 when another method is answered on this path, else 404.
    private func unknownRoute(_ request: Request) -> Problem {
        let matching = endpoints.compactMap { endpoint in
            endpoint.template.literalMatches(of: request.uri.path).map {
                (literal: $0, method: endpoint.method)
            }
        }
        guard let best = matching.map(\.literal).max() else { return .notFound }
        let methods = matching.filter { $0.literal == best }.map(\.method)
        return .methodNotAllowed(methods.contains(.get) ? methods + [.head] : methods)
    }
}
