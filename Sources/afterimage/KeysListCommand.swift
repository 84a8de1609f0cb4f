// SPDX-License-Identifier: MIT
import ArgumentParser
import EventServer
import EventStorage

/// `afterimage keys list`: what is known of each key.
struct KeysListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show all keys, revoked ones too: everything but the keys themselves.",
        discussion: """
            Example:
              afterimage keys list --data-dir /var/lib/afterimage
            """)

    @Option(
        help: ArgumentHelp(
            "The data directory. (default: $AFTERIMAGE_DATA_DIR or data)", valueName: "DIRECTORY"))
    var dataDir: String?

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func run() async throws {
        let opened = try OpenedDatabase(DataDirectory(option: dataDir).database)
        let records: [AccessKeyRecord]
        do throws(StorageError) {
            records = try await opened.store.keys()
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
        await opened.store.close()
        let listings = records.map(KeyListing.init)
        let lines = json ? listings.map { $0.json() } : KeyListing.table(of: listings)
        for line in lines { print(line) }
    }
}
