// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Embeddings
import Foundation
import Imaging

/// `afterimage embed`: images and texts in, one embedding a line out.
struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Print the CLIP embedding of images and texts.",
        discussion: """
            One JSON object a line, in the order given, images before texts. A broken image gives an error object on its line, the \
            others are still embedded, and the exit code is 1. '-' reads one image from standard input.

            Example:
              afterimage embed front-door.jpg drive.png --weights clip-vit-b-32.safetensors
              afterimage embed front-door.jpg --text "a photo of a cat"
            """)

    @Argument(help: "JPEG, PNG or WebP files; '-' is standard input.")
    var images: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A text to embed as it is; may be repeated.", valueName: "TEXT"))
    var text: [String] = []

    @OptionGroup var engine: EngineOptions

    @Option(help: ArgumentHelp("Images computed together.", valueName: "N"))
    var batch = 8

    @Option(help: "jsonl: one object a line. npy: float32 [inputs, dimension], failed rows NaN.")
    var format = OutputFormat.jsonl

    @Option(help: ArgumentHelp("Write here instead of standard output.", valueName: "FILE"))
    var out: String?

    @Flag(help: "Scale every embedding to length 1.")
    var normalize = false

    func validate() throws {
        guard !images.isEmpty || !text.isEmpty else {
            throw ValidationError("There is nothing to embed; name images, or texts with --text.")
        }
        guard (1...256).contains(batch) else {
            throw ValidationError("--batch is \(batch), expected 1 to 256.")
        }
        guard images.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("Standard input ('-') holds one image; name it once.")
        }
    }

    func run() async throws {
        var sink = format.makeSink(out: out)
        var failures = 0
        if !images.isEmpty { failures += try await embedImages(into: &sink) }
        if !text.isEmpty { failures += try await embedTexts(into: &sink) }
        try sink.finish()
        if failures > 0 { throw ExitCode(1) }
    }

    /// Embeds all texts and counts those that failed.
    private func embedTexts(into sink: inout any EmbeddingSink) async throws -> Int {
        let embedder = engine.makeTextEmbedder()
        var failures = 0
        for source in text {
            let outcome = await embedder.embedTimed(source).map(normalizedIfAsked).mapError {
                CommandFailure(code: $0.code, message: $0.description)
            }
            if case .failure = outcome { failures += 1 }
            try sink.append(EmbeddingResult(source: source, outcome: outcome))
        }
        return failures
    }

    /// Embeds all images and counts those that failed.
    private func embedImages(into sink: inout any EmbeddingSink) async throws -> Int {
        let embedder = try await engine.makeEmbedder(batchCapacity: batch)
        var failures = 0
        for start in stride(from: 0, to: images.count, by: batch) {
            let sources = Array(images[start..<min(start + batch, images.count)])
            for result in await embed(sources, with: embedder) {
                if case .failure = result.outcome { failures += 1 }
                try sink.append(result)
            }
        }
        return failures
    }

    /// The results of one batch, unreadable files among them, in order.
    private func embed(_ sources: [String], with embedder: ImageEmbedder) async -> [EmbeddingResult] {
        let files = sources.map { source in
            Result { () throws(InputError) in try ImageInput(source).read() }
        }
        var outcomes = await embedder.embedTimed(batch: files.compactMap { try? $0.get() }).makeIterator()
        return zip(sources, files).map { source, file in
            let outcome: Result<EmbeddingAnswer, CommandFailure>
            switch file {
            case .failure(let error):
                outcome = .failure(CommandFailure(code: error.code, message: error.description))
            case .success:
                outcome = (outcomes.next() ?? .failure(.shutDown)).mapError {
                    CommandFailure(code: $0.code, message: $0.description)
                }
            }
            return EmbeddingResult(source: source, outcome: outcome.map(normalizedIfAsked))
        }
    }

    private func normalizedIfAsked(_ answer: EmbeddingAnswer) -> EmbeddingAnswer {
        guard normalize else { return answer }
        return answer.withValues(
            Embedding(answer.values, modelVersion: answer.modelVersion).normalized.values)
    }
}
