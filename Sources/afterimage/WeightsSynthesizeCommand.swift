// SPDX-License-Identifier: MIT
import ArgumentParser
import Checkpoints
import SystemPackage
import Tensors

/// `afterimage weights synthesize`: weights that nobody trained.
struct WeightsSynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Make stand-in weights, the same bytes for the same seed on every machine.",
        discussion: """
            Nobody trained these weights: pictures alike in colour and layout get embeddings alike, \
            but nothing is recognised. They serve tests, benchmarks and demonstrations without a download.

            Example:
              afterimage weights synthesize --out weights/stand-in.safetensors --vocabulary merges.txt
            """)

    @Option(help: "Any number; another number gives other weights.")
    var seed: UInt64 = 1

    @Option(help: "plain, or trained-like: loud channels and peaked attention, for numerical tests.")
    var profile: ProfileArgument = .plain

    @Option(name: .customLong("out"), help: ArgumentHelp("Weights file to write, 303 MB.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp("The tokenizer's merges.txt, so that texts can be embedded.", valueName: "file"))
    var vocabulary: String?

    func run() throws {
        let weights = StandInWeights(seed: seed, profile: profile.profile)
        do {
            if let vocabulary {
                try weights.write(
                    to: FilePath(output), vocabulary: ByteSlice(mapping: FilePath(vocabulary)))
            } else {
                try weights.write(to: FilePath(output))
            }
        } catch let error as CheckpointError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as FileMappingError {
            throw StandardError.failure("vocabulary_unusable", error.description)
        }
        print("\(output): \(weights.profile.modelVersion), seed \(seed)")
    }
}

/// Spelling of a ``StandInProfile`` on the command line.
enum ProfileArgument: String, ExpressibleByArgument, CaseIterable {
    case plain
    case trainedLike = "trained-like"

    var profile: StandInProfile {
        switch self {
        case .plain: .plain
        case .trainedLike: .trainedLike
        }
    }
}
