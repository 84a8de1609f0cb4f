// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import EventProcessing
import EventStorage
import Foundation
import Logging
import PrometheusMetrics
import TemporalContext

/// `afterimage backfill`: embeddings for events that have none.
struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Embed the events of a database that have no embedding of these weights.",
        discussion: """
            The oldest first. May run beside the server, and be interrupted and started again: what is done stays \
            done. Thumbnails are looked for in thumbnails/ beside the database. Visitors are matched by the server, \
            at once or when it starts next.

            Example:
              afterimage backfill --database data/afterimage.sqlite --weights weights/clip-vit-b-32.safetensors
            """)

    @Option(help: ArgumentHelp("The database.", valueName: "FILE"))
    var database: String

    @Option(
        help: ArgumentHelp(
            "The thumbnail directory. (default: thumbnails beside the database)", valueName: "DIRECTORY"))
    var thumbnails: String?

    @Flag(help: "Try events again whose embedding has failed.")
    var retryFailed = false

    @OptionGroup var engine: EngineOptions

    func run() async throws {
        let opened = try OpenedDatabase(database, thumbnails: thumbnails)

        let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        let embedder = try await engine.makeEmbedder(dataDirectory: folder)
        var options = EventProcessor.Options()
        // One process matches at a time; the queue keeps what this one embeds for the server.
        options.recurrence.isEnabled = false
        let processor = EventProcessor(
            store: opened.store, thumbnails: opened.thumbnails, embedder: embedder,
            instruments: ProcessingInstruments(MetricsRegistry()),
            logger: Logger(label: "afterimage") { _ in SwiftLogNoOpLogHandler() }, options: options)
        let counts: (done: Int, failed: Int)
        do throws(StorageError) {
            counts = try await backfill(processor)
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
        await opened.store.close()
        print("\(counts.done) embedded, \(counts.failed) failed")
        if counts.failed > 0 { throw ExitCode(1) }
    }

    private func backfill(_ processor: EventProcessor) async throws(StorageError) -> (done: Int, failed: Int)
    {
        let total = try await processor.store.remainingCount(
            staleUnless: processor.replacingVersion, retryFailed: retryFailed)
        var bar = ProgressBar()
        var done = 0
        var failed = 0
        while done + failed < total {
            let batch = try await processor.embedBatch(limit: 64, retriesFailed: retryFailed)
            guard batch.total > 0 else { break }
            done += batch.processed
            failed += batch.failed
            bar.show(
                Double(done + failed) / Double(total), "\(done + failed) of \(total) events, \(failed) failed"
            )
        }
        bar.finish()
        return (done, failed)
    }
}
