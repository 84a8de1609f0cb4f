// SPDX-License-Identifier: MIT

/// The name of the weights and arithmetic that made an embedding.
///
/// Embeddings of different versions live in different spaces and are never compared.
public struct ModelVersion: Sendable, Hashable {
    /// The name as stored beside every embedding, for example `clip-ViT-B-32-v1`.
    public let name: String

    /// The version called `name`.
    public init(_ name: String) {
        self.name = name
    }

    /// The version of the same weights rounded to 8 bits: a space of its own, near the other but not the same.
    public var inEightBits: ModelVersion { ModelVersion(name + "+int8") }

    /// The stand-in weights that `afterimage weights synthesize` makes: CLIP's architecture, none of its knowledge.
    public static let standIn = ModelVersion("stand-in-ViT-B-32-v1")

    /// Whether nobody trained the weights, whatever their habits and arithmetic: then the name begins with `stand-in-`.
    public var isStandIn: Bool { name.hasPrefix("stand-in-") }
}

extension ModelVersion: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
