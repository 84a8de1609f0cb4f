// SPDX-License-Identifier: MIT
package import Checkpoints
internal import Imaging
internal import Tensors

/// Runs one made-up picture through the fast tower and through its naive twin.
///
/// Shows that these weights, this build and this processor compute what the formulas say. It cannot show that the
/// weights are CLIP's; their hash does that.
package struct ForwardSelfTest: Sendable {
    /// Cosine between the two embeddings.
    package let cosine: Double
    /// Largest difference of a coordinate as a fraction of the embedding's norm.
    package let largestDifference: Double

    /// As close as two engines in single precision come, with a margin.
    package var passed: Bool { cosine >= 0.999999 && largestDifference <= 1e-4 }

    /// Computes both; several seconds for ViT-B/32, nearly all in the twin.
    package init(_ file: SafetensorsFile) throws(WeightError) {
        let team = ThreadTeam(memberCount: 2)
        let transformer = try VisionTransformer(file, team: team)
        let image = Self.picture(side: transformer.configuration.imageSize)
        let found = try VisionEncoder(transformer, batchCapacity: 1, team: team).encode([image])[0].map(
            Double.init)
        let expected = try NaiveVisionTransformer(file)(image).embedding
        let dot = zip(found, expected).reduce(0) { $0 + $1.0 * $1.1 }
        let norms = (Self.squares(found) * Self.squares(expected)).squareRoot()
        cosine = dot / norms
        largestDifference =
            zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / Self.squares(expected).squareRoot()
    }

    /// Slopes with a checked square: smooth, sharp and asymmetric parts in every channel.
    private static func picture(side: Int) -> PixelTensor {
        let values = (0..<VisionConfiguration.channelCount * side * side).map { index in
            let (channel, y, x) = (index / (side * side), index / side % side, index % side)
            let slope = Float(x * (channel + 1) + y * (3 - channel)) / Float(side) - 1.5
            return x > side / 3 && y > side / 2 && (x / 5 + y / 3) % 2 == 0 ? 1.5 - slope : slope
        }
        return PixelTensor(height: side, width: side, values: values)
    }

    private static func squares(_ values: [Double]) -> Double {
        values.reduce(0) { $0 + $1 * $1 }
    }
}
