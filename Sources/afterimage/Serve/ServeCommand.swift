// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Embeddings
import EventProcessing
import EventServer
import EventStorage
import Foundation
import Logging
import PrometheusMetrics
import ServiceLifecycle
import UnixSignals

/// `afterimage serve`: the event server.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Take camera events over HTTP, embed their thumbnails, and remember them.",
        discussion: """
            Everything is kept in the data directory: the database afterimage.sqlite, thumbnails/ and weights/. \
            Without weights the server runs all the same, and embeds what waits once there are weights. \
            Each option has an environment variable, AFTERIMAGE_ and its name: AFTERIMAGE_PORT for --port. \
            The API key comes from AFTERIMAGE_API_KEY or AFTERIMAGE_API_KEY_FILE only.

            Example:
              afterimage serve --data-dir /var/lib/afterimage
              afterimage serve --stand-in --port 8081        to try it without weights
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let settings: ServeSettings
        do throws(SettingsError) {
            settings = try ServeSettings(options, environment: ProcessInfo.processInfo.environment)
        } catch {
            throw ValidationError(error.description)
        }
        let logger = LogOutput.bootstrap(level: settings.logLevel, format: settings.logFormat)
        for name in settings.unknownVariables {
            logger.warning("unknown environment variable", metadata: ["name": .string(name)])
        }
        do {
            try await Server(settings, logger).run()
        } catch let error as ServerSetupError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as StorageError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as DataDirectoryError {
            throw StandardError.failure(error.code, error.description)
        }
    }
}

/// The modules put together for one run of the server.
private struct Server {
    let settings: ServeSettings
    let logger: Logger

    init(_ settings: ServeSettings, _ logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    func run() async throws {
        let directory = DataDirectory(settings.dataDirectory)
        try directory.create()
        let lock = try directory.lock()
        defer { lock.unlock() }
        let store = try EventStore(path: directory.database)
        let registry = MetricsRegistry()
        var options = EventProcessor.Options()
        options.thumbnailMode = settings.thumbnailMode
        options.retentionDays = settings.retentionDays
        let processor = EventProcessor(
            store: store, thumbnails: try ThumbnailStore(directory: directory.thumbnails),
            embedder: try await embedder(directory), instruments: ProcessingInstruments(registry), logger: logger,
            options: options)
        let server = try EventHTTPServer(
            options: settings.server, processor: processor, registry: registry, version: ProgramVersion.current,
            logger: logger
        ) { port in
            StandardError.print("listening on http://\(settings.urlHost):\(port)")
        }
        var services = ServiceGroupConfiguration(
            services: [processor, server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        services.maximumGracefulShutdownDuration = .seconds(20)
        try await ServiceGroup(configuration: services).run()
        await store.close()
    }

    private func embedder(_ directory: DataDirectory) async throws -> ImageEmbedder {
        let path: String
        if settings.standIn {
            path = try directory.standInWeights { logger.notice("making stand-in weights, once") }
            logger.warning("stand-in weights: nobody trained them; events look alike, nothing is recognised")
        } else {
            path = directory.weights(option: settings.weights)
        }
        var options = ImageEmbedder.Options(threadCount: settings.threads)
        options.niceness = 5
        let embedder = ImageEmbedder(weights: path, options: options)
        guard settings.preload else { return embedder }
        do throws(EmbeddingError) {
            let version = try await embedder.load()
            logger.notice("weights loaded", metadata: ["version": .string(version.name)])
        } catch {
            logger.error(
                "weights could not be loaded; events are stored without embeddings",
                metadata: ["code": .string(error.code), "reason": .string(error.description)])
        }
        return embedder
    }
}
