// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Imaging
import SampleScenes

/// `afterimage scenes`: the sample scenes as JPEG files.
struct ScenesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes",
        abstract: "Draw sample scenes of a home-security camera as JPEG files.",
        discussion: """
            The scenes are drawn by code: for the same seed and size the same pixels on every machine.

            Example:
              afterimage scenes --out scenes --width 1920 --height 1080
            """)

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Folder to write to; made if missing.", valueName: "dir")
    )
    var output: String?

    @Option(help: "Pixels across, 16 to 8192.")
    var width = 640

    @Option(help: "Pixels down, 16 to 8192.")
    var height = 360

    @Option(help: "Changes sensor noise and shifts the subjects a little.")
    var seed: UInt64 = 1

    @Flag(help: "Print the names of the scenes and draw nothing.")
    var list = false

    func validate() throws {
        guard (16...8192).contains(width), (16...8192).contains(height) else {
            throw ValidationError(
                "A scene of \(width) × \(height) pixels cannot be drawn; use sides from 16 to 8192.")
        }
        guard list || output != nil else {
            throw ValidationError("Say where to write with --out DIR, or use --list.")
        }
    }

    func run() throws {
        let scenes = SceneCatalogue.scenes(seed: seed)
        guard !list, let output else { return scenes.forEach { print($0.name) } }
        let folder = URL(fileURLWithPath: output, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for scene in scenes {
            let file = try JPEGEncoder(quality: 90).encode(scene.rendered(width: width, height: height))
            let path = folder.appendingPathComponent("\(scene.name).jpg")
            try Data(file).write(to: path, options: .atomic)
            print(path.relativePath)
        }
    }
}
