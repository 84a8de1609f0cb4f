// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Embeddings
import Foundation

/// `afterimage compare`: how alike two pictures, or a picture and a text, are to the model.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Print the cosine of the embeddings of two images or texts, −1 to 1.",
        discussion: """
            What begins with 'text:' is a text, anything else names an image file.

            Example:
              afterimage compare monday.jpg tuesday.jpg --weights clip-vit-b-32.safetensors
              afterimage compare monday.jpg "text:a red car in the drive"
            """)

    @Argument(help: "First image, or text: and a text.")
    var first: String

    @Argument(help: "Second image, or text: and a text.")
    var second: String

    @OptionGroup var engine: EngineOptions

    func run() async throws {
        // The image tower is loaded only where there is an image.
        let isImage = [first, second].contains { Self.text(of: $0) == nil }
        let images = isImage ? try await engine.makeEmbedder() : nil
        let texts = engine.makeTextEmbedder()
        let a = try await embedding(of: first, images, texts)
        let b = try await embedding(of: second, images, texts)
        guard let cosine = a.cosineSimilarity(to: b) else {
            throw StandardError.failure(
                "engine_error",
                "One of the embeddings has no direction; check the weights with 'weights verify'.")
        }
        print(String(format: "%.6f", cosine))
    }

    /// The text that `source` stands for; nil for an image.
    private static func text(of source: String) -> String? {
        source.hasPrefix("text:") ? String(source.dropFirst("text:".count)) : nil
    }

    private func embedding(
        of source: String, _ images: ImageEmbedder?, _ texts: TextEmbedder
    ) async throws -> Embedding {
        do {
            guard let images, Self.text(of: source) == nil else {
                return try await texts.embed(Self.text(of: source) ?? source)
            }
            return try await images.embed(ImageInput(source).read())
        } catch let error as InputError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as EmbeddingError {
            throw StandardError.failure(error.code, "\(source): \(error.description)")
        }
    }
}
