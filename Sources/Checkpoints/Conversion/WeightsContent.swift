// SPDX-License-Identifier: MIT
import SystemPackage
import Tensors

/// Everything that goes into a weights file.
struct WeightsContent {
    /// Source and stored form of each tensor, by name.
    let tensors: [String: (source: StoredTensor, type: ElementType)]
    let vocabulary: ByteSlice?
    let metadata: WeightsMetadata

    /// Writes the file; it appears only when it is whole.
    func write(to path: FilePath, _ encoder: inout TensorEncoder) throws(CheckpointError) {
        do {
            var writer = try SafetensorsWriter(
                creating: path, tensors: declarations, metadata: metadata.strings)
            for description in writer.tensors {
                let name = description.name
                if let (source, type) = tensors[name] {
                    try encoder.encode(source, as: type) { (bytes) throws(SafetensorsWriterError) in
                        try writer.append(bytes, to: name)
                    }
                } else if let vocabulary {
                    try writer.append(vocabulary, to: name)
                }
            }
            try writer.finish()
        } catch {
            throw .writing(error)
        }
    }

    private var declarations: [TensorDeclaration] {
        var declarations = tensors.map {
            TensorDeclaration(name: $0.key, elementType: $0.value.type, shape: $0.value.source.shape)
        }
        if let vocabulary {
            declarations.append(
                TensorDeclaration(
                    name: WeightsMetadata.mergesTensor, elementType: .uint8, shape: [vocabulary.count]))
        }
        return declarations
    }
}
