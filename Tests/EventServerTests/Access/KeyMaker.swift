// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

/// `afterimage keys` on a server's data directory.
enum KeyMaker {
    /// Runs the command; returns how it ended and what it wrote, standard output and standard error together.
    static func run(
        _ arguments: [String], _ directory: FilePath
    ) async throws -> (exit: ServerProcess.Exit?, text: String) {
        let process = try ServerProcess(["keys"] + arguments + ["--data-dir", directory.string])
        let exit = try await process.ended(within: .seconds(60))
        return (exit, process.standardError)
    }

    /// Makes a key and returns it.
    static func key(_ name: String, _ scopes: [String], _ directory: FilePath) async throws -> String {
        let result = try await run(
            ["create", "--name", name] + scopes.flatMap { ["--scope", $0] }, directory)
        try #require(result.exit == .code(0), "\(result.text)")
        return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
