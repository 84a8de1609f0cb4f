// SPDX-License-Identifier: MIT
import ArgumentParser
import EventProcessing
import EventServer
import EventStorage
import Foundation

/// `afterimage maintenance`: what keeps a data directory small and sound.
struct MaintenanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "Delete old events and orphaned files, check the database, return unused space.",
        discussion: """
            May run beside the server. Files that no event refers to are deleted only when they are named like \
            thumbnails of ours and are older than an hour.

            Example:
              afterimage maintenance --data-dir /var/lib/afterimage --retention-days 90
            """)

    @Option(
        help: ArgumentHelp(
            "The data directory. (default: $AFTERIMAGE_DATA_DIR or data)", valueName: "DIRECTORY"))
    var dataDir: String?

    @Option(help: ArgumentHelp("Delete events older than this; 0 keeps all.", valueName: "N"))
    var retentionDays = 0

    func validate() throws {
        guard (0...36_500).contains(retentionDays) else {
            throw ValidationError("--retention-days is \(retentionDays), expected 0 to 36500.")
        }
    }

    func run() async throws {
        let directory = DataDirectory(option: dataDir)
        let opened = try OpenedDatabase(directory.database)

        let problems: [String]
        do {
            try await maintain(opened, directory)
            problems = try await opened.store.integrityProblems()
        } catch let error as StorageError {
            throw StandardError.failure(error.code, error.description)
        }
        await opened.store.close()
        for problem in problems { StandardError.print("afterimage: database_damaged: \(problem)") }
        print("integrity: \(problems.isEmpty ? "ok" : "\(problems.count) problems")")
        if !problems.isEmpty { throw ExitCode(1) }
    }

    private func maintain(_ opened: OpenedDatabase, _ directory: DataDirectory) async throws {
        let store = opened.store
        let thumbnails = opened.thumbnails
        let before = Self.byteCount(directory.database)
        var deleted = 0
        if retentionDays > 0 {
            let end = Timestamp.now().adding(seconds: -86_400 * retentionDays)
            while true {
                let count = try await store.deleteEvents(olderThan: end, limit: 100)
                if count == 0 { break }
                deleted += count
            }
        }
        let deletion = try await ThumbnailDeletion(store: store, thumbnails: thumbnails).run()
        if let error = deletion.firstError {
            StandardError.print(
                "afterimage: \(error.code): \(deletion.failedCount) files stay: \(error.description)")
        }
        var files = deletion.count
        files += try await thumbnails.removeOrphans(olderThan: .seconds(3600)) { files in
            try await store.thumbnailFiles(among: files)
        }
        try await store.vacuum()
        let after = Self.byteCount(directory.database)
        print("events deleted: \(deleted)")
        print("files deleted: \(files)")
        print("database: \(before >> 10) kB before, \(after >> 10) kB after")
    }

    private static func byteCount(_ path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}
