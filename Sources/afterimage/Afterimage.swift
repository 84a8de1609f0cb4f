// SPDX-License-Identifier: MIT
import ArgumentParser

/// The program: the only place where the modules are put together.
@main
struct Afterimage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "afterimage",
        abstract: "A memory for what a home-security system has seen.",
        discussion: """
            An event server whose thumbnails become CLIP embeddings on this machine alone: no network, no Python, \
            no ML runtime.

            Example:
              afterimage serve --stand-in
              afterimage weights synthesize --out weights/clip-vit-b-32.safetensors
              afterimage embed front-door.jpg
            """,
        subcommands: [
            ServeCommand.self, PostCommand.self, BackfillCommand.self, ImportCommand.self,
            MaintenanceCommand.self, BackupCommand.self, KeysCommand.self,
            EmbedCommand.self, CompareCommand.self, NeighborsCommand.self, PreprocessCommand.self,
            TokenizeCommand.self, WeightsCommand.self, ScenesCommand.self,
        ])
}
