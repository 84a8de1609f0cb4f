// SPDX-License-Identifier: MIT
package import Tensors

/// Why a model could not be read or converted.
package enum CheckpointError: Error, Equatable, Sendable {
    case cannotOpen(FileMappingError)
    case safetensors(SafetensorsError)
    case zip(ZipArchiveError)
    case pickle(PickleError)
    case writing(SafetensorsWriterError)
    case metadata(WeightsMetadataError)
    /// The first bytes are neither safetensors nor an archive of PyTorch.
    case formatUnknown
    /// The archive was written on a big-endian machine.
    case bigEndian
    /// The folder holds no weights under a name that Hugging Face uses.
    case folderWithoutWeights
    /// A JSON file of a Hugging Face folder cannot be used.
    case configurationMalformed(file: String, reason: String)
    /// A setting of the configuration that the engine does not have.
    case configurationUnsupported(key: String, found: String, expected: String)
    /// A tensor reaches outside its storage or repeats elements.
    case tensorOutOfBounds(tensor: String)
    /// The bytes of a storage are not where the archive says.
    case storageDamaged(key: String)
    /// Names of the tensors fit none of the known layouts.
    case layoutUnknown(examples: [String])
    /// The model lacks a tensor.
    case tensorMissing(name: String)
    /// The model has a tensor that the engine would ignore: it is another model.
    case tensorUnexpected(name: String)
    /// A tensor does not fit the dimensions that the others give.
    case shapeMismatch(tensor: String, expected: [Int], found: [Int])
    /// The values of a tensor are whole numbers.
    case elementTypeUnsupported(tensor: String, found: ElementType)
    /// Width and head count do not fit.
    case headCountUnknown(width: Int)
    /// Nothing says which activation the model was trained with.
    case activationUnknown
    /// The vocabulary is not a list of merges that fits the model.
    case vocabularyUnusable(reason: String)
}

extension CheckpointError: CustomStringConvertible {
    /// Stable identifier for programs.
    package var code: String {
        switch self {
        case .cannotOpen(let error): error.code
        case .safetensors(let error): error.code
        case .zip(let error): error.code
        case .pickle(let error): error.code
        case .writing(let error): error.code
        case .metadata(let error): error.code
        case .formatUnknown: "checkpoint_format_unknown"
        case .bigEndian: "checkpoint_big_endian"
        case .folderWithoutWeights: "folder_without_weights"
        case .configurationMalformed: "configuration_malformed"
        case .configurationUnsupported: "configuration_unsupported"
        case .tensorOutOfBounds: "tensor_out_of_bounds"
        case .storageDamaged: "storage_damaged"
        case .layoutUnknown: "checkpoint_layout_unknown"
        case .tensorMissing: "tensor_missing"
        case .tensorUnexpected: "tensor_unexpected"
        case .shapeMismatch: "shape_mismatch"
        case .elementTypeUnsupported: "element_type_unsupported"
        case .headCountUnknown: "head_count_unknown"
        case .activationUnknown: "activation_unknown"
        case .vocabularyUnusable: "vocabulary_unusable"
        }
    }

    package var description: String {
        switch self {
        case .cannotOpen(let error): error.description
        case .safetensors(let error): error.description
        case .zip(let error): error.description
        case .pickle(let error): error.description
        case .writing(let error): error.description
        case .metadata(let error): error.description
        case .formatUnknown:
            "The file is neither safetensors nor a PyTorch archive. Name a model.safetensors, a "
                + "pytorch_model.bin, a .pt file or a Hugging Face folder."
        case .bigEndian:
            "The archive was written on a big-endian machine, expected little-endian. "
                + "Save it again on another machine."
        case .folderWithoutWeights:
            "The folder has no model.safetensors and no pytorch_model.bin, nor an index of either. "
                + "Name a folder that save_pretrained wrote, or the file itself."
        case .configurationMalformed(let file, let reason):
            "\(file) cannot be used: \(reason). Download it again."
        case .configurationUnsupported(let key, let found, let expected):
            "The configuration has \(key) = \(found), expected \(expected). Only CLIP models can be converted."
        case .tensorOutOfBounds(let tensor):
            "Tensor \(tensor) reaches outside its storage or repeats elements. Save the model again."
        case .storageDamaged(let key):
            "The numbers of storage \(key) are missing or incomplete. Download or save the file again."
        case .layoutUnknown(let examples):
            "The names of the tensors fit no CLIP layout of Hugging Face, OpenAI or open_clip; found "
                + "\(examples.isEmpty ? "none" : examples.joined(separator: ", ")). Name a CLIP ViT model."
        case .tensorMissing(let name):
            "The model has no tensor \(name). Convert a whole CLIP model or a vision tower with projection."
        case .tensorUnexpected(let name):
            "The model has a tensor \(name), which a CLIP ViT does not have. Convert a CLIP ViT model."
        case .shapeMismatch(let tensor, let expected, let found):
            "Tensor \(tensor) has shape \(found), expected \(expected) from the other tensors. "
                + "Convert a CLIP ViT model."
        case .elementTypeUnsupported(let tensor, let found):
            "Tensor \(tensor) holds \(found) numbers, expected floating point. Convert a model that is "
                + "not quantised."
        case .headCountUnknown(let width):
            "A tower has width \(width), which gives no whole number of attention heads. Convert the "
                + "folder with its config.json."
        case .activationUnknown:
            "Nothing in the file says whether the model was trained with quick_gelu or gelu, and the wrong "
                + "one gives wrong embeddings. Add --activation quick_gelu (OpenAI weights, open_clip names "
                + "that end in -quickgelu) or --activation gelu (other open_clip models)."
        case .vocabularyUnusable(let reason):
            "The vocabulary cannot be used: \(reason). Name the merges.txt of the model."
        }
    }
}
