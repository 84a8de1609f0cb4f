// SPDX-License-Identifier: MIT
public import ArgumentParser
import EventServer
public import EventStorage
import Foundation

/// `afterimage keys create`: a new key, shown once.
struct KeysCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key and print it, this once.",
        discussion: """
            The key goes to standard output and nowhere else: who loses it makes another. Programs send it as \
            'Authorization: Bearer KEY'; people sign in with it at /login.

            Example:
              afterimage keys create --name "front door camera" --scope write >front-door.key
            """)

    @Option(
        help: ArgumentHelp(
            "What to call it, 1 to 100 characters; unique among keys in use.", valueName: "TEXT"))
    var name: String

    @Option(
        help: ArgumentHelp(
            "read, write or admin; may be given several times. (default: read)", valueName: "SCOPE"))
    var scope: [AccessScope] = []

    @Option(
        help: ArgumentHelp(
            "The data directory. (default: $AFTERIMAGE_DATA_DIR or data)", valueName: "DIRECTORY"))
    var dataDir: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...100).contains(name.unicodeScalars.count), !name.contains("\0") else {
            throw ValidationError("--name has \(name.unicodeScalars.count) characters, expected 1 to 100.")
        }
    }

    func run() async throws {
        let directory = DataDirectory(option: dataDir)
        let key = AccessKey()
        let record: AccessKeyRecord
        do {
            // Before the first start too: a server that other machines can reach does not start without a key.
            try directory.create()
            let store = try EventStore(path: directory.database)
            record = try await store.createKey(
                name: name, scopes: scope.isEmpty ? [.read] : Set(scope), digest: key.digest)
            await store.close()
        } catch let error as StorageError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as DataDirectoryError {
            throw StandardError.failure(error.code, error.description)
        }
        let listing = KeyListing(record)
        print(json ? listing.json(key: key.text) : key.text)
    }
}

extension AccessScope: ExpressibleByArgument {}
