// SPDX-License-Identifier: MIT
import CLIP
import Tensors
import TestSupport
import Testing

@Suite("Text tower against its naive twin")
struct TextTwinTests {
    static let configurations = [
        TextConfiguration(
            vocabularySize: 50, contextLength: 9, width: 32, headCount: 2, layerCount: 2, mlpWidth: 64,
            projectionDimension: 16, activation: .quickGELU),
        TextConfiguration(
            vocabularySize: 70, contextLength: 40, width: 48, headCount: 3, layerCount: 3, mlpWidth: 100,
            projectionDimension: 20, activation: .gelu),
        TextConfiguration(
            vocabularySize: 6, contextLength: 5, width: 20, headCount: 4, layerCount: 1, mlpWidth: 33,
            projectionDimension: 7, activation: .quickGELU),
    ]

    @Test(
        "Every stage agrees for any dimensions, length, number of threads and backend",
        arguments: configurations, [(ProductBackend.auto, 2), (.cblas, 1), (.cblas, 3)])
    func stagesAgree(configuration: TextConfiguration, setting: (backend: ProductBackend, threads: Int))
        throws
    {
        let checkpoint = try RandomCheckpoint(configuration, seed: 7)
        let team = ThreadTeam(memberCount: setting.threads)
        let transformer = try TextTransformer(checkpoint.file, backend: setting.backend, team: team)
        #expect(transformer.configuration == configuration)
        let naive = try NaiveTextTransformer(checkpoint.file)
        var random = SeededGenerator(seed: 11)
        var scratch = TextScratch(configuration, memberCount: team.memberCount)
        var output = Matrix(rows: 1, columns: configuration.projectionDimension)
        let end = configuration.vocabularySize - 1
        for length in (1...configuration.contextLength).shuffled(using: &random) {
            let tokens = (1..<length).map { _ in Int.random(in: 0..<end, using: &random) } + [end]
            // The twin also computes what follows the end, as the reference does.
            let padding = Array(repeating: end, count: configuration.contextLength - length)
            let expected = try naive(tokens + padding)
            transformer.embed(tokens, scratch: &scratch)
            for layer in 0..<configuration.layerCount {
                compare(
                    scratch.x.allElements(), expected.residuals[layer].prefix(length).flatMap(\.self),
                    "\(layer)")
                transformer.applyLayer(layer, scratch: &scratch, team: team)
            }
            transformer(tokens, into: &output, scratch: &scratch, team: team)
            compare(output.allElements(), expected.embedding, "embedding of \(length)")
        }
    }

    private func compare(_ found: [Float], _ expected: [Double], _ stage: String) {
        let deviation = Deviation(found, from: expected)
        #expect(deviation.relativeToNorm <= 2e-6, "\(stage): \(deviation)")
    }

    @Test("Weights without a text tower, or without a vocabulary, say so")
    func missingParts() throws {
        let team = ThreadTeam(memberCount: 1)
        let vision = try RandomCheckpoint(TwinTests.configurations[0], seed: 7)
        #expect(throws: WeightError.noTextTower) { try TextTransformer(vision.file, team: team) }
        #expect(throws: WeightError.noTextTower) { try TextEncoder(vision.file, team: team) }
        let text = try RandomCheckpoint(Self.configurations[0], seed: 7)
        #expect(throws: WeightError.noVocabulary) { try TextEncoder(text.file, team: team) }
    }
}
