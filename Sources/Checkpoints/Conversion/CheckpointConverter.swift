// SPDX-License-Identifier: MIT
package import SystemPackage
package import Tensors

/// Turns a published CLIP checkpoint into a weights file: safetensors with Hugging Face names.
///
/// Each tensor is stored in half precision where that loses no bit, else in single precision. The
/// result depends on the source alone, so that converting twice gives the same bytes. Memory use
/// does not grow with the model: tensors pass through a buffer of a few megabytes.
package struct CheckpointConverter: Sendable {
    /// What the user may state.
    package struct Options: Sendable, Equatable {
        /// Name for stored vectors; nil gives the published one or `custom-…`.
        package var modelVersion: String?
        /// Overrides what the source says.
        package var activation: Activation?
        /// The tokenizer's merges.txt; nil takes the one beside the weights, if there is one.
        package var vocabulary: FilePath?

        package init(
            modelVersion: String? = nil, activation: Activation? = nil, vocabulary: FilePath? = nil
        ) {
            self.modelVersion = modelVersion
            self.activation = activation
            self.vocabulary = vocabulary
        }
    }

    private let options: Options

    package init(_ options: Options = Options()) {
        self.options = options
    }

    /// Converts `source`, a file or a Hugging Face folder, to a weights file at `destination`.
    ///
    /// - Throws: ``CheckpointError``; `destination` is then as it was before.
    package func convert(
        _ source: FilePath, to destination: FilePath
    ) throws(CheckpointError) -> ConversionReport {
        if let version = options.modelVersion { try check(version) }
        let source = try CheckpointSource(source)
        let model = try CheckpointTensors(source.tensors, isTorchScript: source.isTorchScript)
        let vocabulary = try vocabulary(source, model.dimensions)
        let settings = try ModelSettings(source, model, activation: options.activation)

        var encoder = TensorEncoder()
        let names = model.tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let tensors = names.compactMap { model.tensors[$0] }
        let types = tensors.map { encoder.losslessType(of: $0) }
        let hash = contentHash(
            tensors, types, settings, stated: source.metadata?.contentSHA256, &encoder)
        let metadata = metadata(source, model, settings, contentSHA256: hash)
        let content = WeightsContent(
            tensors: Dictionary(uniqueKeysWithValues: zip(names, zip(tensors, types).map { ($0, $1) })),
            vocabulary: vocabulary, metadata: metadata)
        try content.write(to: destination, &encoder)
        return ConversionReport(
            layout: model.layout, dimensions: model.dimensions, metadata: metadata, tensorCount: names.count,
            singlePrecisionTensors: zip(names, types).filter { $1 == .float32 }.map { $0.0 },
            hasVocabulary: vocabulary != nil, isActivationAssumed: settings.isActivationAssumed)
    }

    private func check(_ version: String) throws(CheckpointError) {
        do {
            try ModelVersionRule.check(version)
            try ModelVersionRule.checkNotReserved(version)
        } catch {
            throw .metadata(error)
        }
    }

    private func vocabulary(
        _ source: CheckpointSource, _ dimensions: ModelDimensions
    ) throws(CheckpointError) -> ByteSlice? {
        var bytes = source.vocabulary
        if let path = options.vocabulary {
            do {
                bytes = try ByteSlice(mapping: path)
            } catch {
                throw .cannotOpen(error)
            }
        }
        guard let bytes else { return nil }
        return try Vocabulary.checked(bytes, tokenCount: dimensions.text?.vocabularySize)
    }

    private func contentHash(
        _ tensors: [StoredTensor], _ types: [ElementType], _ settings: ModelSettings, stated: String?,
        _ encoder: inout TensorEncoder
    ) -> String {
        var hash = ContentHashes(
            activation: settings.activation, visionHeadCount: settings.visionHeadCount,
            textHeadCount: settings.textHeadCount)
        for (tensor, type) in zip(tensors, types) {
            hash.begin(name: tensor.name, elementType: type, shape: tensor.shape)
            encoder.encode(tensor, as: type) { hash.update($0) }
        }
        return hash.finalize(stated: stated)
    }

    private func metadata(
        _ source: CheckpointSource, _ model: CheckpointTensors, _ settings: ModelSettings,
        contentSHA256: String
    ) -> WeightsMetadata {
        let known = settings.known
        var metadata = WeightsMetadata(
            modelName: model.dimensions.modelName,
            modelVersion: known?.modelVersion ?? ModelVersionRule.custom(contentSHA256: contentSHA256),
            source: known?.source ?? source.name, sourceSHA256: source.sha256,
            contentSHA256: contentSHA256, activation: settings.activation,
            visionHeadCount: settings.visionHeadCount, textHeadCount: settings.textHeadCount)
        if let old = source.metadata, old.contentSHA256 == contentSHA256 {
            // One of our own files with nothing changed but, at most, the vocabulary.
            metadata.modelVersion = old.modelVersion
            metadata.source = old.source
            metadata.sourceSHA256 = old.sourceSHA256
        }
        if let version = options.modelVersion { metadata.modelVersion = version }
        return metadata
    }
}
