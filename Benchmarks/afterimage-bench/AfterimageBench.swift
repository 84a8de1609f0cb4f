// SPDX-License-Identifier: MIT
import ArgumentParser

@main
struct AfterimageBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "afterimage-bench",
        abstract: "Times the engine on this machine.")
}
