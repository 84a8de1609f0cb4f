// SPDX-License-Identifier: MIT
import Checkpoints
import FoundationEssentials
import Tensors

/// The facts that `weights info` prints, as lines and as JSON.
struct WeightsSummary: Encodable {
    struct Tower: Encodable {
        let width: Int
        let layers: Int
        let heads: Int
        let mlpWidth: Int
        let embedding: Int
        var imageSize: Int?
        var patchSize: Int?
        var contextLength: Int?
        var vocabularySize: Int?
    }

    let modelName: String
    let modelVersion: String
    let activation: String
    let vision: Tower
    let text: Tower?
    /// Number of tensors by element type: `F16`, `F32`.
    let precision: [String: Int]
    let parameters: Int
    let vocabulary: Bool
    let contentSha256: String
    let source: String
    let sourceSha256: String
    let bytes: Int

    init(_ weights: WeightsFile) {
        let metadata = weights.metadata
        let size = weights.dimensions.vision
        modelName = metadata.modelName
        modelVersion = metadata.modelVersion
        activation = metadata.activation.rawValue
        vision = Tower(
            width: size.width, layers: size.layerCount, heads: metadata.visionHeadCount,
            mlpWidth: size.mlpWidth, embedding: size.embeddingWidth, imageSize: size.imageSize,
            patchSize: size.patchSize)
        text = weights.dimensions.text.map {
            Tower(
                width: $0.width, layers: $0.layerCount, heads: metadata.textHeadCount ?? 0,
                mlpWidth: $0.mlpWidth, embedding: $0.embeddingWidth, contextLength: $0.contextLength,
                vocabularySize: $0.vocabularySize)
        }
        let tensors = weights.file.tensors.filter { $0.name != WeightsMetadata.mergesTensor }
        precision = Dictionary(grouping: tensors) { $0.safetensorsType }.mapValues(\.count)
        parameters = tensors.reduce(0) { $0 + $1.elementCount }
        vocabulary = weights.hasVocabulary
        contentSha256 = metadata.contentSHA256
        source = metadata.source
        sourceSha256 = metadata.sourceSHA256
        bytes = weights.file.byteCount
    }

    /// One fact a line, for people.
    var lines: [String] {
        let types = precision.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        return [
            "model           \(modelName)",
            "model version   \(modelVersion)",
            "image tower     \(Self.line(vision)), image \(vision.imageSize ?? 0), patch \(vision.patchSize ?? 0)",
            "text tower      \(text.map(Self.textLine) ?? "none")",
            "activation      \(activation)",
            "vocabulary      \(vocabulary ? "included" : "none: text cannot be embedded")",
            "parameters      \(parameters)",
            "precision       \(types.joined(separator: ", ")) tensors",
            "content SHA-256 \(contentSha256)",
            "source          \(source)",
            "source SHA-256  \(sourceSha256.isEmpty ? "none" : sourceSha256)",
            "file            \(bytes) bytes",
        ]
    }

    /// One object with snake_case keys.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static func line(_ tower: Tower) -> String {
        "\(tower.layers) layers, width \(tower.width), \(tower.heads) heads, MLP \(tower.mlpWidth), "
            + "embedding \(tower.embedding)"
    }

    private static func textLine(_ tower: Tower) -> String {
        "\(line(tower)), context \(tower.contextLength ?? 0), vocabulary \(tower.vocabularySize ?? 0)"
    }
}
