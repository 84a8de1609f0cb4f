// SPDX-License-Identifier: MIT

/// Why the metadata of a weights file cannot be used.
package enum WeightsMetadataError: Error, Equatable, Sendable {
    /// The file is safetensors, but not one of our weights files.
    case notWeights
    /// The file was written by a later version with another layout.
    case formatUnknown(found: String)
    /// A key is missing.
    case keyMissing(key: String)
    /// A key has a value that cannot be used.
    case valueUnusable(key: String, found: String, expected: String)
    /// A model version is empty, longer than 50 characters or has control characters.
    case modelVersionUnusable(characterCount: Int)
    /// The user asked for a model version that belongs to published or stand-in weights.
    case modelVersionReserved(String)
}

extension WeightsMetadataError: CustomStringConvertible {
    /// Stable identifier for programs.
    package var code: String {
        switch self {
        case .notWeights: "not_a_weights_file"
        case .formatUnknown: "weights_format_unknown"
        case .keyMissing: "weights_metadata_missing"
        case .valueUnusable: "weights_metadata_unusable"
        case .modelVersionUnusable: "model_version_unusable"
        case .modelVersionReserved: "model_version_reserved"
        }
    }

    package var description: String {
        switch self {
        case .notWeights:
            "The file is safetensors but was not written by afterimage. "
                + "Convert it with `afterimage weights convert`."
        case .formatUnknown(let found):
            "The weights file has format \(found), expected \(WeightsMetadata.format). "
                + "Use a newer afterimage or convert the model again."
        case .keyMissing(let key):
            "The weights file does not say its \(key). Convert the model again."
        case .valueUnusable(let key, let found, let expected):
            "The weights file says \(key) = \(found), expected \(expected). Convert the model again."
        case .modelVersionUnusable(let count):
            "The model version has \(count) characters, expected 1 to \(ModelVersionRule.characterLimit) "
                + "and no control characters. Choose another with --model-version."
        case .modelVersionReserved(let version):
            "The model version \(version) belongs to other weights, which are recognised by their "
                + "SHA-256. Choose another with --model-version."
        }
    }
}
