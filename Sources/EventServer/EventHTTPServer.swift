// SPDX-License-Identifier: MIT
internal import EmbeddingService
package import EventProcessing
internal import EventStorage
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import JSONValues
package import Logging
internal import NIOCore
package import PrometheusMetrics
internal import ServiceLifecycle
package import TemporalContext

/// The HTTP server: routes, limits and the connection to the event processor.
package struct EventHTTPServer: Service {
    private let processor: EventProcessor
    private let application: Application<RouterResponder<APIContext>>

    /// - Parameters:
    ///   - options: Address, key and limits; checked already.
    ///   - processor: Takes and embeds events; runs as a service of its own.
    ///   - index: Finds events that look alike.
    ///   - registry: Where the metrics of the whole program are.
    ///   - hasKeys: Whether there are keys in the database at the start.
    ///   - version: The program's version.
    ///   - logger: Takes one line a request at level debug, and what went wrong.
    ///   - onListening: Called with the port once connections are accepted.
    /// - Throws: ``ServerSetupError/templateInvalid(name:reason:)``.
    package init(
        options: ServerOptions, processor: EventProcessor, index: SimilarityIndex, registry: MetricsRegistry,
        hasKeys: Bool, version: String, logger: Logger, onListening: @escaping @Sendable (Int) -> Void
    ) throws(ServerSetupError) {
        self.processor = processor
        let control = AccessControl(store: processor.store, options: options)
        let bodies = BodyReader(
            limit: options.maximumUploadByteCount,
            budget: BodyBudget(
                byteCount: max(options.connections.maximumBodyBytesInFlight, options.maximumUploadByteCount)))
        let likeness = LikenessSearch(
            images: processor.embedder, texts: TextEmbedder(beside: processor.embedder), index: index)
        let site = PageSite(
            templates: try PageTemplates(), processor: processor, likeness: likeness, bodies: bodies,
            board: StatusBoard(processor: processor), version: version)
        var endpoints = Self.endpoints(bodies, processor, likeness, registry, version) + Self.pages(site)
        endpoints += LoginController(site: site, control: control, bodies: bodies).endpoints
        endpoints.append(
            Self.description(of: endpoints, needsKey: options.apiKey != nil || hasKeys, version))
        let guardian = AccessGuard(control: control, endpoints: endpoints, site: site)
        let router = Self.router(options, endpoints, registry, guardian)
        _ = ServerInstruments(registry, processor: processor, version: version)
        let limits = options.connections
        application = Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionDeadlines(limits)],
                    idleTimeout: .seconds(Int64(limits.headSeconds)))),
            configuration: .init(
                address: .hostname(options.host, port: options.port), serverName: "afterimage",
                availableConnectionsDelegate: MaximumAvailableConnections(
                    limits.maximumConnectionCount, logger: logger)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? options.port) },
            logger: logger)
    }

    /// Serves until the graceful shutdown.
    package func run() async throws {
        // The services stop one after the other, the server first; requests that wait for embeddings would hold it
        // up until the processor, still at work, has done them all.
        let processor = processor
        try await withGracefulShutdownHandler {
            try await application.run()
        } onGracefulShutdown: {
            processor.beginShutdown()
        }
    }

    private static func endpoints(
        _ bodies: BodyReader, _ processor: EventProcessor, _ likeness: LikenessSearch,
        _ registry: MetricsRegistry, _ version: String
    ) -> [Endpoint] {
        let answers = EventAnswer(thumbnails: processor.thumbnails)
        return CamerasController(store: processor.store, bodies: bodies).endpoints
            + EventsController(
                processor: processor,
                requests: EventRequest(bodies: bodies, thumbnails: processor.thumbnails),
                answers: answers
            ).endpoints
            + ThumbnailsController(processor: processor).endpoints
            + EmbeddingsController(processor: processor, index: likeness.index, bodies: bodies).endpoints
            + SimilarityController(
                processor: processor, likeness: likeness,
                answers: SimilarityAnswer(store: processor.store, events: answers),
                timeZone: processor.options.timeZone
            ).endpoints
            + SearchController(
                processor: processor, likeness: likeness,
                bodies: bodies,
                answers: SimilarityAnswer(store: processor.store, events: answers),
                timeZone: processor.options.timeZone
            ).endpoints
            + PatternsController(store: processor.store, timeZone: processor.options.timeZone).endpoints
            + EntitiesController(
                processor: processor, bodies: bodies, answers: EventAnswer(thumbnails: processor.thumbnails)
            ).endpoints
            + AdjustmentsController(processor: processor).endpoints
            + OperationsController(processor: processor, registry: registry, version: version).endpoints
            + EventFeed(store: processor.store).endpoints
    }

    private static func pages(_ site: PageSite) -> [Endpoint] {
        site.assets.endpoints + TimelinePages(site: site).endpoints + SearchPages(site: site).endpoints
            + EventPages(site: site).endpoints + VisitorPages(site: site).endpoints
            + ResemblancePages(site: site).endpoints
            + SystemPages(site: site, retries: RetryRun()).endpoints
    }

    private static func description(
        of endpoints: [Endpoint], needsKey: Bool, _ version: String
    ) -> Endpoint {
        let operation = Operation(
            name: "openapi", tag: "Operations", summary: "This description",
            answers: [.json(200, "OpenAPI 3.1.", ["type": "object"])])
        let itself = Endpoint(.get, "/openapi.json", access: .open, operation) { _, _ in .json(.null) }
        let document = OpenAPIDocument(
            endpoints: endpoints + [itself], version: version, needsKey: needsKey
        ).json.serialized()
        return Endpoint(.get, "/openapi.json", access: .open, operation) { _, _ in
            .bytes(document, contentType: "application/json")
        }
    }

    private static func router(
        _ options: ServerOptions, _ endpoints: [Endpoint], _ registry: MetricsRegistry,
        _ guardian: AccessGuard
    ) -> Router<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: RequestRecords(registry, endpoints: endpoints))
        router.add(middleware: ErrorAnswers(endpoints: endpoints))
        router.add(
            middleware: InFlightLimit(
                limit: options.connections.maximumRequestsInFlight, endpoints: endpoints))
        router.add(middleware: guardian)
        for endpoint in endpoints {
            router.on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
                try await endpoint.answer(request, context)
            }
        }
        return router
    }
}
