// SPDX-License-Identifier: MIT

/// What a model makes of one picture: a point in the space of its version.
///
/// Values are the raw projection, not of unit length, as sentence-transformers' `clip-ViT-B-32` stores them.
public struct Embedding: Sendable, Equatable {
    /// The coordinates; 512 for ViT-B/32.
    public let values: [Float]
    /// The weights that made them.
    public let modelVersion: ModelVersion

    /// An embedding of `values` in the space of `modelVersion`.
    public init(_ values: [Float], modelVersion: ModelVersion) {
        self.values = values
        self.modelVersion = modelVersion
    }

    /// Number of coordinates.
    public var dimension: Int { values.count }

    /// Euclidean length, accumulated in double precision.
    public var norm: Double { Self.dot(values, values).squareRoot() }

    /// The same direction with length 1; unchanged when the length is zero.
    public var normalized: Embedding {
        let norm = norm
        guard norm > 0 else { return self }
        return Embedding(values.map { Float(Double($0) / norm) }, modelVersion: modelVersion)
    }

    /// Cosine of the angle to `other`, −1…1, accumulated in double precision.
    ///
    /// - Returns: nil when the two come from different model versions, have different dimensions, or one has no
    ///   direction: such pairs have no similarity, not a low one.
    public func cosineSimilarity(to other: Embedding) -> Double? {
        guard modelVersion == other.modelVersion, dimension == other.dimension else { return nil }
        let norms = norm * other.norm
        guard norms > 0, norms.isFinite else { return nil }
        return min(1, max(-1, Self.dot(values, other.values) / norms))
    }

    private static func dot(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
