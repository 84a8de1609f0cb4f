// SPDX-License-Identifier: MIT
import ArgumentParser
import EventStorage
import Foundation
import Imaging
import SampleScenes

/// `afterimage post`: pictures as events of a server.
struct PostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "post",
        abstract: "Send pictures to a server as events, and wait until they are embedded.",
        discussion: """
            For a camera's own script, and to try a server. The API key comes from AFTERIMAGE_API_KEY.

            Example:
              afterimage post --camera "front door" --object person front-door.jpg
              afterimage post --scenes --server http://127.0.0.1:8080
            """)

    @Argument(help: ArgumentHelp("JPEG, PNG or WebP files.", valueName: "IMAGE"))
    var images: [String] = []

    @Flag(help: "Send the sample scenes.")
    var scenes = false

    @Option(help: ArgumentHelp("The server.", valueName: "URL"))
    var server = "http://127.0.0.1:8080"

    @Option(help: ArgumentHelp("The camera's id.", valueName: "ID"))
    var camera = "post"

    @Option(help: "What is seen: person, vehicle, animal, package or unknown.")
    var object = "unknown"

    @Option(help: ArgumentHelp("What happens in the picture; the file's name by default.", valueName: "TEXT"))
    var description: String?

    @Option(help: ArgumentHelp("Seconds to wait for the embeddings; 0 does not wait.", valueName: "N"))
    var wait = 60

    func validate() throws {
        guard scenes || !images.isEmpty else { throw ValidationError("Give images, or --scenes.") }
        guard ObjectType(rawValue: object) != nil else {
            throw ValidationError(
                "--object is '\(object)', expected person, vehicle, animal, package or unknown.")
        }
        guard (0...3600).contains(wait) else {
            throw ValidationError("--wait is \(wait), expected 0 to 3600.")
        }
    }

    func run() async throws {
        let client = EventClient(
            server: server, apiKey: ProcessInfo.processInfo.environment["AFTERIMAGE_API_KEY"])
        var posted: [PostedEvent] = []
        var failures = 0
        let deadline = ContinuousClock.now + .seconds(wait)
        for picture in images.map(Picture.file) + (scenes ? SceneCatalogue.demo.map(Picture.scene) : []) {
            do {
                posted.append(try await client.post(try body(of: picture), named: picture.name))
            } catch {
                failures += 1
                StandardError.print("afterimage: \(picture.name): \(error)")
            }
        }
        for event in posted {
            let settled = wait > 0 ? try await client.settled(event, before: deadline) : event
            if settled.state == "failed" { failures += 1 }
            print(settled.line)
        }
        try? await client.shutDown()
        if failures > 0 { throw ExitCode(1) }
    }

    private enum Picture {
        case file(String)
        case scene(Scene)

        var name: String {
            switch self {
            case .file(let path): URL(fileURLWithPath: path).lastPathComponent
            case .scene(let scene): scene.name
            }
        }
    }

    private func body(of picture: Picture) throws -> NewEventBody {
        switch picture {
        case .file(let path):
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw EventClientError.unreadable(path)
            }
            return NewEventBody(
                camera: camera, time: Timestamp.now().iso8601, description: description ?? picture.name,
                objects: [object], thumbnail: bytes)
        case .scene(let scene):
            let jpeg = try JPEGEncoder(quality: 90).encode(scene.rendered())
            return NewEventBody(
                camera: scene.place.caption, time: scene.time.replacing(" ", with: "T") + "Z",
                description: scene.name.replacing("-", with: " "), objects: scene.objectTypes,
                thumbnail: Data(jpeg))
        }
    }
}

extension Scene {
    /// What a detector would have reported.
    fileprivate var objectTypes: [String] {
        let types = subjects.map { subject in
            switch subject {
            case .car: "vehicle"
            case .person: "person"
            case .parcel: "package"
            }
        }
        return types.isEmpty ? ["unknown"] : types
    }
}
