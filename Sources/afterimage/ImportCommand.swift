// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Embeddings
import EventServer
import EventStorage
import Foundation
import Synchronization

/// `afterimage import`: everything that the Python system remembers.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over cameras, events, thumbnails and embeddings from the Python system.",
        discussion: """
            Reads the tables cameras, events and event_embeddings and changes nothing there. What is here already \
            stays as it is, so an interrupted import is simply started again. Embeddings are kept when they are of \
            clip-ViT-B-32-v1, or of the weights in use, and whole; the rest is embedded anew by the server or by \
            'afterimage backfill'. May run beside the server.

            Example:
              afterimage import --database old/app.db --thumbnails old/thumbnails --data-dir /var/lib/afterimage
            """)

    @Option(help: ArgumentHelp("The database of the Python system.", valueName: "FILE"))
    var database: String

    @Option(
        help: ArgumentHelp(
            "Its thumbnail directory; without it, pictures kept as files stay behind.", valueName: "DIRECTORY"
        ))
    var thumbnails: String?

    @Option(
        help: ArgumentHelp(
            "The data directory to fill. (default: $AFTERIMAGE_DATA_DIR or data)", valueName: "DIRECTORY"))
    var dataDir: String?

    @Option(help: ArgumentHelp("Weights in use, whose embeddings are kept too.", valueName: "FILE"))
    var weights: String?

    func run() async throws {
        let directory = DataDirectory(option: dataDir)
        let summary: ImportSummary
        do {
            try directory.create()
            let store = try EventStore(path: directory.database)
            let target = try ThumbnailStore(directory: directory.thumbnails)
            let source = try PythonDatabaseImport(
                path: database, thumbnails: thumbnails, into: store, target, keeping: versions(directory))
            let bar = Mutex(ProgressBar())
            summary = try await source.run { done, total in
                bar.withLock { $0.show(Double(done) / Double(max(1, total)), "\(done) of \(total) rows") }
            }
            bar.withLock { $0.finish() }
            await store.close()
        } catch let error as ImportError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as StorageError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as DataDirectoryError {
            throw StandardError.failure(error.code, error.description)
        }
        Self.print(summary)
    }

    private func versions(_ directory: DataDirectory) -> [ModelVersion: Int] {
        var versions = PythonDatabaseImport.publishedVersions
        let embedder = ImageEmbedder(weights: directory.weights(option: weights))
        if let version = embedder.modelVersion { versions[version] = embedder.embeddingDimension }
        embedder.shutDown()
        return versions
    }

    private static func print(_ summary: ImportSummary) {
        for (name, tally) in [
            ("cameras", summary.cameras), ("events", summary.events), ("thumbnails", summary.thumbnails),
            ("embeddings", summary.embeddings),
        ] {
            let name = name.padding(toLength: 12, withPad: " ", startingAt: 0)
            let skipped = tally.skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let left = skipped.isEmpty ? "" : "; left: \(skipped.joined(separator: ", "))"
            Swift.print("\(name)\(tally.added) added\(left)")
        }
    }
}
