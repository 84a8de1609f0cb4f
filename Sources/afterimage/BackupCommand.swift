// SPDX-License-Identifier: MIT
import ArgumentParser
import EventServer
import EventStorage

/// `afterimage backup`: a consistent copy of a database in use.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database while the server runs.",
        discussion: """
            The copy is one moment of the database, whole or not there at all. Thumbnails kept as files are copied \
            by any file tool: they never change once written.

            Example:
              afterimage backup --data-dir /var/lib/afterimage /mnt/backup/afterimage-2026-05-14.sqlite
            """)

    @Argument(help: ArgumentHelp("The copy; must not exist yet.", valueName: "FILE"))
    var file: String

    @Option(
        help: ArgumentHelp(
            "The data directory. (default: $AFTERIMAGE_DATA_DIR or data)", valueName: "DIRECTORY"))
    var dataDir: String?

    func run() async throws {
        let opened = try OpenedDatabase(DataDirectory(option: dataDir).database)

        do throws(StorageError) {
            try await opened.store.backup(to: file)
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
        await opened.store.close()
        print(file)
    }
}
