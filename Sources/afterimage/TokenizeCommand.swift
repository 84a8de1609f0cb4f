// SPDX-License-Identifier: MIT
import ArgumentParser
import CLIP
import Checkpoints
import SystemPackage
import Tensors

/// `afterimage tokenize`: what the text tower reads.
struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Print the 77 token ids of texts, a JSON array a line.",
        discussion: """
            The ids are those of Hugging Face's CLIPTokenizer, filled up with end-of-text. The vocabulary is the one in \
            the weights, or a merges.txt.

            Example:
              afterimage tokenize "a photo of a cat" --weights clip-vit-b-32.safetensors
            """)

    @Argument(help: "Texts.")
    var texts: [String]

    @Option(help: ArgumentHelp("Weights file; see 'afterimage help weights'.", valueName: "FILE"))
    var weights: String?

    @Option(help: ArgumentHelp("A merges.txt in place of the weights' vocabulary.", valueName: "FILE"))
    var vocabulary: String?

    func run() throws {
        let tokenizer = try tokenizer()
        for text in texts {
            print("[" + tokenizer.paddedTokens(of: text).map(String.init).joined(separator: ",") + "]")
        }
    }

    private func tokenizer() throws -> BytePairTokenizer {
        do {
            if let vocabulary {
                return BytePairTokenizer(try MergeTable(ByteSlice(mapping: FilePath(vocabulary))))
            }
            let file = try WeightsFile(opening: FilePath(WeightsLocation.resolve(weights)))
            let text = file.dimensions.text
            return try BytePairTokenizer(
                file.file, tokenCount: text?.vocabularySize, contextLength: text?.contextLength ?? 77)
        } catch let error as CheckpointError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as WeightError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as FileMappingError {
            throw StandardError.failure("vocabulary_unusable", error.description)
        }
    }
}
