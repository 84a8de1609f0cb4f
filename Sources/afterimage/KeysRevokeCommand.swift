// SPDX-License-Identifier: MIT
import ArgumentParser
import EventServer
import EventStorage

/// `afterimage keys revoke`: a key that opens nothing any more.
struct KeysRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a key out of use; browsers that signed in with it are signed out at once.",
        discussion: """
            A revoked key stays in the list and cannot be used again.

            Example:
              afterimage keys revoke "front door camera"
            """)

    @Argument(help: ArgumentHelp("The key's name or id.", valueName: "KEY"))
    var key: String

    @Option(
        help: ArgumentHelp(
            "The data directory. (default: $AFTERIMAGE_DATA_DIR or data)", valueName: "DIRECTORY"))
    var dataDir: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let opened = try OpenedDatabase(DataDirectory(option: dataDir).database)
        let record: AccessKeyRecord?
        do throws(StorageError) {
            record = try await opened.store.revokeKey(key)
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
        await opened.store.close()
        guard let record else {
            throw StandardError.failure(
                "key_not_found", "There is no key '\(key)' in use; see 'afterimage keys list'.")
        }
        print(json ? KeyListing(record).json() : "revoked: \(record.name)")
    }
}
