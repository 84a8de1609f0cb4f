// SPDX-License-Identifier: MIT
public import EmbeddingService
internal import Embeddings
public import EventProcessing
internal import EventStorage
public import Foundation
public import Logging
internal import PrometheusMetrics
public import ServiceLifecycle
public import TemporalContext

/// The whole event server as one service: what `afterimage serve` runs, for programs that link the library.
///
///     let server = AfterimageServer(.init(dataDirectory: "data", weights: "clip-vit-b-32.safetensors"), logger: logger)
///     try await ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm], logger: logger).run()
///
/// Keeps everything in the data directory: `afterimage.sqlite`, `thumbnails/`, and a lock that keeps a second server
/// out. Without weights it takes events all the same, and embeds them once there are weights.
public struct AfterimageServer: Service {
    /// What the server runs with.
    public struct Configuration: Sendable {
        /// Where everything is kept; made when it is missing.
        public var dataDirectory: String
        /// Weights file; looked for again while events wait for it.
        public var weights: String
        /// Threads and limits of the engine.
        public var engine = ImageEmbedder.Options()
        /// Whether the weights are loaded at the start instead of with the first event.
        public var preload = false
        /// Address, key and limits.
        public var http = ServerOptions()
        /// Where new thumbnails go.
        public var thumbnailMode = ThumbnailMode.file
        /// Days that events are kept; 0 keeps them.
        public var retentionDays = 0
        /// Whose clock tells the hours of a day.
        public var timeZone = TimeZone.current
        /// How events are matched to visitors and vehicles.
        public var recurrence = RecurrenceOptions()
        /// The version that the server tells of itself.
        public var version = "unknown"

        /// The configuration of `afterimage serve` without options.
        public init(dataDirectory: String, weights: String) {
            self.dataDirectory = dataDirectory
            self.weights = weights
        }
    }

    private let configuration: Configuration
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - configuration: What to run with.
    ///   - logger: Takes what happens; never pictures or keys.
    ///   - onListening: Called with the port once connections are accepted.
    public init(
        _ configuration: Configuration, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the graceful shutdown: requests in hand are answered, images in hand are finished, and what waits
    /// for its embedding stays pending.
    ///
    /// - Throws: ``ServerSetupError``, ``DataDirectoryError`` or `StorageError` when the server cannot start.
    public func run() async throws {
        try configuration.http.check()
        let directory = DataDirectory(configuration.dataDirectory)
        try directory.create()
        let lock = try directory.lock()
        defer { lock.unlock() }
        let store = try EventStore(path: directory.database)
        let hasKeys = try await store.hasKeys()
        try configuration.http.checkAddress(hasKeys: hasKeys)
        let registry = MetricsRegistry()
        let processor = EventProcessor(
            store: store, thumbnails: try ThumbnailStore(directory: directory.thumbnails),
            embedder: await embedder(), instruments: ProcessingInstruments(registry), logger: logger,
            options: processing)
        await processor.prepare()
        let index = SimilarityIndex(
            store: store, cachePath: directory.index, threadCount: configuration.engine.threadCount,
            onSearch: SearchInstruments(registry).record)
        let server = try EventHTTPServer(
            options: configuration.http, processor: processor, index: index, registry: registry,
            hasKeys: hasKeys, version: configuration.version,
            logger: logger, onListening: onListening)
        var services = ServiceGroupConfiguration(
            services: [IndexKeeper(index: index, logger: logger), processor, server], logger: logger)
        services.maximumGracefulShutdownDuration = .seconds(9)
        try await ServiceGroup(configuration: services).run()
        await store.close()
    }

    private var processing: EventProcessor.Options {
        var options = EventProcessor.Options()
        options.thumbnailMode = configuration.thumbnailMode
        options.retentionDays = configuration.retentionDays
        options.timeZone = configuration.timeZone
        options.recurrence = configuration.recurrence
        return options
    }

    private func embedder() async -> ImageEmbedder {
        let embedder = ImageEmbedder(weights: configuration.weights, options: configuration.engine)
        guard configuration.preload else { return embedder }
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

extension AfterimageServer: CustomStringConvertible {
    /// A name for logs of services.
    public var description: String { "AfterimageServer" }
}
