// SPDX-License-Identifier: MIT
import ArgumentParser

/// `afterimage keys`: who may use the server.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list and revoke the keys that the server asks for.",
        discussion: """
            A key has scopes: read looks and searches, write also makes events and decisions, admin may do everything. \
            Only its SHA-256 is kept. Once there was a key, the server asks for one, also when all are revoked. May run \
            beside the server, which takes notice within a second.

            Example:
              afterimage keys create --name "front door camera" --scope write
              afterimage keys create --name owner --scope admin
              afterimage keys list
              afterimage keys revoke "front door camera"
            """,
        subcommands: [KeysCreateCommand.self, KeysListCommand.self, KeysRevokeCommand.self])
}
