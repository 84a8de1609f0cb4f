// SPDX-License-Identifier: MIT
import ArgumentParser
import EventServer
import EventStorage
import Foundation
import Logging
import NIOCore
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
            try await serve(settings, logger)
        } catch let error as ServerSetupError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as StorageError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as DataDirectoryError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as IOError {
            throw StandardError.failure(
                "cannot_listen", "\(settings.http.host):\(settings.http.port): \(error)")
        }
    }

    private func serve(_ settings: ServeSettings, _ logger: Logger) async throws {
        let directory = DataDirectory(settings.dataDirectory)
        try directory.create()
        let weights: String
        if settings.standIn {
            weights = try directory.standInWeights { logger.notice("making stand-in weights, once") }
            logger.warning("stand-in weights: nobody trained them; events look alike, nothing is recognised")
        } else {
            weights = directory.weights(option: settings.weights)
        }
        let server = AfterimageServer(settings.configuration(weights: weights), logger: logger) { port in
            StandardError.print("listening on http://\(settings.urlHost):\(port)")
        }
        try await ServiceGroup(
            services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
    }
}
