// SPDX-License-Identifier: MIT
import SystemPackage
import TestSupport

/// A folder with tiny weights, pictures, and files that are neither.
struct CommandLineFixture {
    let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try TinyWeights().write(to: folder.file("tiny.safetensors"))
        try TinyWeights(text: .complete).write(to: folder.file("text.safetensors"))
        try TinyWeights(text: .towerAlone).write(to: folder.file("no-merges.safetensors"))
        try TinyWeights(damage: .notANumberInTheProjection).write(to: folder.file("damaged.safetensors"))
        for index in 0..<4 { try folder.write(TestPictures.jpeg(index), to: "\(index).jpg") }
        try folder.write(TestPictures.truncatedJPEG(), to: "truncated.jpg")
        try folder.write([], to: "empty.jpg")
        try folder.write(Array("Neither a picture nor weights.\n".utf8), to: "text.txt")
    }

    /// Runs `afterimage` in the folder.
    func afterimage(
        _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> Program.Output {
        try Program.afterimage.run(arguments, input: input, environment: environment, in: folder.path)
    }
}
