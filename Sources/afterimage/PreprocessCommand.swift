// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Imaging
import SystemPackage

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
        let bytes = try read(upTo: limits.maximumByteCount)
        let file: [UInt8]
        do {
            file = try array(of: bytes, limits)
        } catch {
            throw failure("\(image): \(error) [\(error.code)]")
        }
        do {
            // Written beside the target and renamed, so that nobody meets half an array.
            try Data(file).write(to: URL(filePath: out), options: .atomic)
        } catch {
            throw failure("\(out) cannot be written; check that its folder exists and may be written to.")
        }
    }

    /// The input's bytes, one more than the limit at most: enough for the decoder to refuse it.
    private func read(upTo limit: Int) throws -> [UInt8] {
        do {
            guard image != "-" else { return try Self.read(.standardInput, upTo: limit) }
            let file = try FileDescriptor.open(FilePath(image), .readOnly)
            return try file.closeAfter { try Self.read(file, upTo: limit) }
        } catch let error as Errno {
            let advice = error == .isDirectory ? "give the image files in it one by one" : "check its name"
            throw failure("\(image) cannot be read (\(error)); \(advice).")
        }
    }

    private static func read(_ file: FileDescriptor, upTo limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 18)
        while bytes.count <= limit {
            // Safe: the buffer is the block's own, and the count read never exceeds it.
            let count = try unsafe block.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if count == 0 { break }
            bytes += block[..<count]
        }
        return bytes
    }

    private func failure(_ message: String) -> any Error {
        FileHandle.standardError.write(Data("error: \(message)\n".utf8))
        return ExitCode.failure
    }

    private func array(of bytes: [UInt8], _ limits: ImageLimits) throws(ImageError) -> [UInt8] {
        let preprocess = ImagePreprocessor(limits: limits)
        let image = try preprocess.decoded(bytes)
        switch stage {
        case .decoded: return Self.encode(image)
        case .resized: return Self.encode(try preprocess.resized(image))
        case .cropped: return Self.encode(preprocess.cropped(image))
        case .tensor:
            let tensor = preprocess.tensor(image)
            return NPYFile.encode(tensor.values, shape: [PixelTensor.channels, tensor.height, tensor.width])
        }
    }

    private static func encode(_ image: RGBImage) -> [UInt8] {
        NPYFile.encode(image.bytes, shape: [image.height, image.width, 3])
    }
}
