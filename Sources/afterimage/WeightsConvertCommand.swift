// SPDX-License-Identifier: MIT
import ArgumentParser
import Checkpoints
import SystemPackage
import Tensors

/// `afterimage weights convert`: a published checkpoint to a weights file.
struct WeightsConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a published CLIP model to a weights file.",
        discussion: """
            SOURCE is a Hugging Face folder or safetensors file, a pytorch_model.bin, an OpenAI \
            TorchScript archive or an open_clip state dict. No Python is needed, and no code inside \
            the source is run.

            Example:
              afterimage weights convert ViT-B-32.pt --out weights/clip-vit-b-32.safetensors \
            --vocabulary merges.txt
            """)

    @Argument(help: ArgumentHelp("Model to convert, a file or a folder.", valueName: "source"))
    var source: String

    @Option(name: .customLong("out"), help: ArgumentHelp("Weights file to write.", valueName: "file"))
    var output: String

    @Option(help: "Name for stored vectors, at most 50 characters; otherwise taken from the source.")
    var modelVersion: String?

    @Option(help: "Activation of the model, quick_gelu or gelu; needed for open_clip.")
    var activation: ActivationArgument?

    @Option(
        help: ArgumentHelp(
            "merges.txt or OpenAI's bpe_simple_vocab_16e6.txt, to embed text.", valueName: "file"))
    var vocabulary: String?

    func run() throws {
        let options = CheckpointConverter.Options(
            modelVersion: modelVersion, activation: activation?.activation,
            vocabulary: vocabulary.map { FilePath($0) })
        do throws(CheckpointError) {
            let report = try CheckpointConverter(options).convert(FilePath(source), to: FilePath(output))
            printReport(report)
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
    }

    private func printReport(_ report: ConversionReport) {
        if report.isActivationAssumed {
            StandardError.print(
                "afterimage: note: the source does not state its activation; assumed "
                    + "\(report.metadata.activation.rawValue). State it with --activation if it differs.")
        }
        let single = report.singlePrecisionTensors.count
        let text = report.dimensions.text == nil ? "no text tower" : "text tower"
        print("layout          \(report.layout.rawValue)")
        print("model           \(report.metadata.modelName), image tower, \(text)")
        print("tensors         \(report.tensorCount), of which \(single) in single precision")
        print("vocabulary      \(report.hasVocabulary ? "included" : "none: text cannot be embedded")")
        print("activation      \(report.metadata.activation.rawValue)")
        print("model version   \(report.metadata.modelVersion)")
        print("content SHA-256 \(report.metadata.contentSHA256)")
        print("written to      \(output)")
    }
}

/// The two words that `--activation` takes.
enum ActivationArgument: String, ExpressibleByArgument, CaseIterable {
    case quickGELU = "quick_gelu"
    case gelu

    var activation: Activation {
        switch self {
        case .quickGELU: .quickGELU
        case .gelu: .gelu
        }
    }
}
