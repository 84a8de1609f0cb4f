// SPDX-License-Identifier: MIT
import ArgumentParser
import Checkpoints
import FoundationEssentials
import SystemPackage

/// `afterimage weights info`: what a weights file says about itself.
struct WeightsInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show towers, dimensions, precision, version and origin of a weights file.",
        discussion: """
            Example:
              afterimage weights info weights/clip-vit-b-32.safetensors --json
            """)

    @Argument(help: ArgumentHelp("Weights file.", valueName: "file"))
    var path: String

    @Flag(help: "Print one JSON object instead of lines.")
    var json = false

    func run() throws {
        do {
            let summary = WeightsSummary(try WeightsFile(opening: FilePath(path)))
            print(json ? try summary.json() : summary.lines.joined(separator: "\n"))
        } catch let error as CheckpointError {
            let line = "afterimage: \(error.code): \(error)\n"
            _ = try? FileDescriptor.standardError.writeAll(Array(line.utf8))
            throw ExitCode(1)
        }
    }
}
