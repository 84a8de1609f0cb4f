// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Embeddings
import Foundation

/// `afterimage compare`: how alike two pictures look to the model.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Print the cosine of the embeddings of two images, −1 to 1.",
        discussion: """
            Example:
              afterimage compare monday.jpg tuesday.jpg --weights clip-vit-b-32.safetensors
            """)

    @Argument(help: "First image.")
    var first: String

    @Argument(help: "Second image.")
    var second: String

    @OptionGroup var engine: EngineOptions

    func run() async throws {
        let embedder = try await engine.makeEmbedder()
        let a = try await embedding(of: first, embedder)
        let b = try await embedding(of: second, embedder)
        guard let cosine = a.cosineSimilarity(to: b) else {
            throw StandardError.failure(
                "engine_error",
                "One of the embeddings has no direction; check the weights with 'weights verify'.")
        }
        print(String(format: "%.6f", cosine))
    }

    private func embedding(of source: String, _ embedder: ImageEmbedder) async throws -> Embedding {
        do {
            return try await embedder.embed(ImageInput(source).read())
        } catch let error as InputError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as EmbeddingError {
            throw StandardError.failure(error.code, "\(source): \(error.description)")
        }
    }
}
