import CLIP
// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import SystemPackage
import Tensors
import TestSupport

/// A tower with random weights of any dimensions, written to a temporary file as a real checkpoint.
struct RandomCheckpoint {
    let file: SafetensorsFile

    // Scores of sharp heads are four times the others'.
    init(_ configuration: VisionConfiguration, seed: UInt64, sharpHeads: [Int] = []) throws {
        let headWidth = configuration.width / configuration.headCount
        try self.init(
            configuration.tensorShapes,
            [
                "vision_heads": "\(configuration.headCount)", "activation": configuration.activation.rawValue,
            ], seed, sharpRows: sharpHeads.map { $0 * headWidth..<($0 + 1) * headWidth })
    }

    init(_ configuration: TextConfiguration, seed: UInt64) throws {
        try self.init(
            configuration.tensorShapes,
            ["text_heads": "\(configuration.headCount)", "activation": configuration.activation.rawValue],
            seed)
    }

    private init(
        _ shapes: [(name: String, shape: [Int])], _ metadata: [String: String], _ seed: UInt64,
        sharpRows: [Range<Int>] = []
    ) throws {
        let path = FilePath(NSTemporaryDirectory()).appending("afterimage-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        var random = SeededGenerator(seed: seed)
        var writer = try SafetensorsWriter(
            creating: path,
            tensors: shapes.map { TensorDeclaration(name: $0, elementType: .float32, shape: $1) },
            metadata: metadata)
        for tensor in writer.tensors {
            // Gains around 1, everything else small enough for a healthy residual stream.
            let isGain =
                tensor.name.hasSuffix("norm1.weight") || tensor.name.hasSuffix("norm2.weight")
                || tensor.name.hasSuffix("norm.weight") || tensor.name.hasSuffix("rnorm.weight")
            var values = random.floats(tensor.shape.reduce(1, *), isGain ? 0.5 : 0.15).map {
                isGain ? 1 + $0 : $0
            }
            if tensor.name.contains("q_proj") || tensor.name.contains("k_proj") {
                let columns = values.count / tensor.shape[0]
                for index in values.indices where sharpRows.contains(where: { $0 ~= index / columns }) {
                    values[index] *= 2
                }
            }
            try writer.append(values.span, to: tensor.name)
        }
        try writer.finish()
        file = try SafetensorsFile(opening: path)
    }
}
