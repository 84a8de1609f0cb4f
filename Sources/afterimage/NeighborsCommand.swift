// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Embeddings
import Foundation

/// `afterimage neighbors`: which of some pictures look alike to the model.
struct NeighborsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "neighbors",
        abstract: "Show for each image which of the others look most like it.",
        discussion: """
            Prints the cosine of the embeddings, −1 to 1, best first. A broken image is left out, and the exit \
            code is 1.

            Example:
              afterimage neighbors scenes/*.jpg --limit 3 --weights clip-vit-b-32.safetensors
            """)

    @Argument(help: "JPEG, PNG or WebP files, at least two; '-' is standard input.")
    var images: [String]

    @OptionGroup var engine: EngineOptions

    @Option(help: ArgumentHelp("Neighbors of each image.", valueName: "N"))
    var limit = 1

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        guard images.count >= 2 else {
            throw ValidationError("One image has no neighbors; name at least two.")
        }
        guard limit >= 1 else { throw ValidationError("--limit is \(limit), expected 1 or more.") }
        guard images.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("Standard input ('-') holds one image; name it once.")
        }
    }

    func run() async throws {
        let pictures = try await embed()
        let table = NeighborTable(pictures, limit: limit)
        for line in json ? table.jsonLines : table.lines { print(line) }
        if pictures.count < images.count { throw ExitCode(1) }
    }

    /// The images that have an embedding, in the order given; the others are reported.
    private func embed() async throws -> [NeighborTable.Picture] {
        let embedder = try await engine.makeEmbedder()
        var pictures: [NeighborTable.Picture] = []
        for start in stride(from: 0, to: images.count, by: embedder.options.batchCapacity) {
            let sources = images[start..<min(start + embedder.options.batchCapacity, images.count)]
            let files = sources.compactMap { source in read(source).map { (source, $0) } }
            let outcomes = await embedder.embed(batch: files.map(\.1))
            for ((source, _), outcome) in zip(files, outcomes) {
                switch outcome {
                case .success(let embedding): pictures.append((source, embedding))
                case .failure(let error):
                    StandardError.print("\(source): \(error.code): \(error.description)")
                }
            }
        }
        return pictures
    }

    private func read(_ source: String) -> [UInt8]? {
        do {
            return try ImageInput(source).read()
        } catch {
            StandardError.print("\(source): \(error.code): \(error.description)")
            return nil
        }
    }
}
