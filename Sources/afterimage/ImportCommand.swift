// SPDX-License-Identifier: MIT
import ArgumentParser

/// `afterimage import`: events of the Python system.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "import", abstract: "To come.")
    func run() async throws {}
}
