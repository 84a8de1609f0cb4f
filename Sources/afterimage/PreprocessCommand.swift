// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Imaging

/// `afterimage preprocess`: writes what one stage of the preprocessing makes of an image, for comparison with
/// other implementations.
struct PreprocessCommand: ParsableCommand {
    /// How far to go.
    enum Stage: String, ExpressibleByArgument, CaseIterable {
        case decoded, resized, cropped, tensor
    }

    static let configuration = CommandConfiguration(
        commandName: "preprocess",
        abstract: "Write the pixels or the tensor that an image becomes on its way to the embedding.",
        discussion: """
            decoded, resized and cropped are uint8 arrays [height, width, 3], equal to Pillow's; tensor is a \
            float32 array [3, 224, 224].

            Example: afterimage preprocess photo.jpg --stage cropped --out cropped.npy
            """)

    @Argument(help: "JPEG, PNG or WebP file; - reads standard input.")
    var image: String

    @Option(help: "How far to go: decoded, resized, cropped or tensor.")
    var stage: Stage

    @Option(help: ArgumentHelp("NumPy file to write.", valueName: "file.npy"))
    var out: String

    func run() throws {
        let limits = ImageLimits()
        let file: [UInt8]
        do {
            file = try array(of: ImageInput(image, limits: limits).read(), limits)
        } catch let error as InputError {
            throw StandardError.failure(error.code, error.description)
        } catch let error as ImageError {
            throw StandardError.failure(error.code, "\(image): \(error.description)")
        }
        try OutputFile(out).write(Data(file))
    }

    private func array(of bytes: [UInt8], _ limits: ImageLimits) throws(ImageError) -> [UInt8] {
        let preprocess = ImagePreprocessor(limits: limits)
        let image = try preprocess.decoded(bytes)
        switch stage {
        case .decoded: return Self.encode(image)
        case .resized: return Self.encode(try preprocess.resized(image))
        case .cropped: return Self.encode(try preprocess.cropped(image))
        case .tensor:
            let tensor = try preprocess.tensor(image)
            return NPYFile.encode(tensor.values, shape: [PixelTensor.channels, tensor.height, tensor.width])
        }
    }

    private static func encode(_ image: RGBImage) -> [UInt8] {
        NPYFile.encode(image.bytes, shape: [image.height, image.width, 3])
    }
}
