// SPDX-License-Identifier: MIT
import ArgumentParser

/// The program: the only place where the modules are put together.
@main
struct Afterimage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "afterimage",
        abstract: "A memory for what a home-security system has seen.",
        discussion: """
            Turns pictures into CLIP embeddings on this machine alone: no network, no Python, no ML runtime.

            Example:
              afterimage weights synthesize --out weights/clip-vit-b-32.safetensors
              afterimage embed front-door.jpg
            """,
        subcommands: [
            EmbedCommand.self, CompareCommand.self, NeighborsCommand.self, PreprocessCommand.self,
            WeightsCommand.self, ScenesCommand.self,
        ])
}
