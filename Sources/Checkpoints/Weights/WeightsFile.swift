// SPDX-License-Identifier: MIT
package import SystemPackage
import Tensors

/// A weights file of ours, opened: tensors, metadata and dimensions, checked against each other.
package struct WeightsFile: Sendable {
    package let file: SafetensorsFile
    package let metadata: WeightsMetadata
    package let dimensions: ModelDimensions

    /// Maps the file and checks header, metadata and shapes; touches no value.
    package init(opening path: FilePath) throws(CheckpointError) {
        do {
            file = try SafetensorsFile(opening: path)
        } catch {
            throw .safetensors(error)
        }
        do {
            metadata = try WeightsMetadata(file.metadata)
        } catch {
            throw .metadata(error)
        }
        dimensions = try Self.dimensions(of: file)
        try checkHeads()
    }

    /// Whether the tokenizer's merges are in the file.
    package var hasVocabulary: Bool { file.contains(WeightsMetadata.mergesTensor) }

    /// Dimensions from the shapes of all tensors but the tokenizer's; all must be floating point.
    static func dimensions(of file: SafetensorsFile) throws(CheckpointError) -> ModelDimensions {
        var shapes: [String: [Int]] = [:]
        for tensor in file.tensors where tensor.name != WeightsMetadata.mergesTensor {
            if tensor.name == WeightsMetadata.logitScaleTensor { continue }
            guard tensor.elementType.isFloatingPoint else {
                throw .elementTypeUnsupported(tensor: tensor.name, found: tensor.elementType)
            }
            shapes[tensor.name] = tensor.shape
        }
        return try ModelDimensions(shapes)
    }

    private func checkHeads() throws(CheckpointError) {
        guard dimensions.vision.width.isMultiple(of: metadata.visionHeadCount) else {
            throw .headCountUnknown(width: dimensions.vision.width)
        }
        guard let text = dimensions.text else { return }
        guard let count = metadata.textHeadCount, text.width.isMultiple(of: count) else {
            throw .headCountUnknown(width: text.width)
        }
    }
}
