// SPDX-License-Identifier: MIT
package import Tensors

/// What a weights file says about itself in its safetensors metadata.
package struct WeightsMetadata: Sendable, Equatable {
    /// Layout of weights files that this code reads and writes.
    package static let format = "1"
    /// Name of the byte tensor that holds the tokenizer's merges, as the text of merges.txt.
    package static let mergesTensor = "tokenizer.merges"

    /// Name of the factor that the training loss puts before cosines, as a logarithm; not needed for embeddings.
    static let logitScaleTensor = "logit_scale"

    /// Architecture, for people: `clip-ViT-B-32`.
    package var modelName: String
    /// Name under which vectors are stored; vectors of different versions are never compared.
    package var modelVersion: String
    /// Where the weights came from, for people: a file name, or `synthesized`.
    package var source: String
    /// SHA-256 of the source file, 64 hexadecimal digits; empty for weights without a source.
    package var sourceSHA256: String
    /// ``ContentHash`` of the tensors, 64 hexadecimal digits.
    package var contentSHA256: String
    package var activation: Activation
    package var visionHeadCount: Int
    /// Nil without a text tower.
    package var textHeadCount: Int?

    package init(
        modelName: String, modelVersion: String, source: String, sourceSHA256: String, contentSHA256: String,
        activation: Activation, visionHeadCount: Int, textHeadCount: Int?
    ) {
        self.modelName = modelName
        self.modelVersion = modelVersion
        self.source = source
        self.sourceSHA256 = sourceSHA256
        self.contentSHA256 = contentSHA256
        self.activation = activation
        self.visionHeadCount = visionHeadCount
        self.textHeadCount = textHeadCount
    }

    /// Reads and checks the metadata of a safetensors file.
    package init(_ metadata: [String: String]) throws(WeightsMetadataError) {
        guard let format = metadata["afterimage.format"] else { throw .notWeights }
        guard format == Self.format else { throw .formatUnknown(found: String(format.prefix(50))) }
        modelName = try Self.text("model_name", in: metadata)
        modelVersion = try Self.text("model_version", in: metadata)
        try ModelVersionRule.check(modelVersion)
        source = try Self.text("source", in: metadata)
        sourceSHA256 = try Self.hash("source_sha256", in: metadata, mayBeEmpty: true)
        contentSHA256 = try Self.hash("content_sha256", in: metadata, mayBeEmpty: false)
        let word = try Self.text("activation", in: metadata)
        guard let activation = Activation(rawValue: word) else {
            throw .valueUnusable(key: "activation", found: word, expected: "quick_gelu or gelu")
        }
        self.activation = activation
        guard let heads = try Self.count("vision_heads", in: metadata) else {
            throw .keyMissing(key: "vision_heads")
        }
        visionHeadCount = heads
        textHeadCount = try Self.count("text_heads", in: metadata)
    }

    /// The metadata as strings, for a safetensors header.
    package var strings: [String: String] {
        var strings = [
            "afterimage.format": Self.format,
            "model_name": modelName,
            "model_version": modelVersion,
            "source": source,
            "source_sha256": sourceSHA256,
            "content_sha256": contentSHA256,
            "activation": activation.rawValue,
            "vision_heads": String(visionHeadCount),
        ]
        if let textHeadCount { strings["text_heads"] = String(textHeadCount) }
        return strings
    }

    private static func text(
        _ key: String, in metadata: [String: String]
    ) throws(WeightsMetadataError) -> String {
        guard let text = metadata[key] else { throw .keyMissing(key: key) }
        return text
    }

    private static func hash(
        _ key: String, in metadata: [String: String], mayBeEmpty: Bool
    ) throws(WeightsMetadataError) -> String {
        let text = try text(key, in: metadata)
        if text.isEmpty, mayBeEmpty { return text }
        guard text.utf8.count == 64,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else {
            throw .valueUnusable(
                key: key, found: String(text.prefix(80)), expected: "64 lower-case hexadecimal digits")
        }
        return text
    }

    private static func count(
        _ key: String, in metadata: [String: String]
    ) throws(WeightsMetadataError) -> Int? {
        guard let text = metadata[key] else { return nil }
        guard let count = Int(text), (1...1024).contains(count) else {
            throw .valueUnusable(
                key: key, found: String(text.prefix(80)), expected: "a number from 1 to 1024")
        }
        return count
    }
}
