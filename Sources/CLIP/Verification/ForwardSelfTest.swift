// SPDX-License-Identifier: MIT
package import Checkpoints
internal import Imaging
internal import Tensors

/// Runs a made-up picture, or a made-up text, through the fast tower and through its naive twin.
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

    /// Computes a picture with both; several seconds for ViT-B/32, nearly all in the twin.
    package init(_ file: SafetensorsFile) throws(WeightError) {
        let team = ThreadTeam(memberCount: 2)
        let transformer = try VisionTransformer(file, team: team)
        let image = Self.picture(side: transformer.configuration.imageSize)
        let found = try VisionEncoder(transformer, batchCapacity: 1, team: team).encode([image])[0]
        self.init(found, try NaiveVisionTransformer(file)(image).embedding)
    }

    /// Computes a text of a few tokens with both; the text tower must be in the file.
    package init(textOf file: SafetensorsFile) throws(WeightError) {
        let team = ThreadTeam(memberCount: 2)
        let transformer = try TextTransformer(file, team: team)
        let configuration = transformer.configuration
        let end = configuration.vocabularySize - 1
        let content = (1..<max(2, min(8, configuration.contextLength))).dropLast().map { $0 * 6_151 % end }
        let tokens = [max(0, end - 1)] + content + [end]
        var scratch = TextScratch(configuration, memberCount: team.memberCount)
        var output = Matrix(rows: 1, columns: configuration.projectionDimension)
        transformer(tokens, into: &output, scratch: &scratch, team: team)
        self.init(output.elements(ofRow: 0), try NaiveTextTransformer(file)(tokens).embedding)
    }

    private init(_ found: [Float], _ expected: [Double]) {
        let found = found.map(Double.init)
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
