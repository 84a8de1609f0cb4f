import CLIP
// SPDX-License-Identifier: MIT
import Imaging
import Tensors
import TestSupport
import Testing

@Suite("Vision tower against its naive twin")
struct TwinTests {
    static let configurations = [
        VisionConfiguration(
            imageSize: 16, patchSize: 8, width: 32, headCount: 2, layerCount: 2, mlpWidth: 64,
            projectionDimension: 16,
            activation: .quickGELU),
        VisionConfiguration(
            imageSize: 28, patchSize: 4, width: 48, headCount: 3, layerCount: 3, mlpWidth: 100,
            projectionDimension: 20,
            activation: .gelu),
        VisionConfiguration(
            imageSize: 9, patchSize: 3, width: 20, headCount: 4, layerCount: 1, mlpWidth: 33,
            projectionDimension: 7,
            activation: .quickGELU),
    ]

    /// The linked BLAS, and our own kernels in single precision: all of this processor's, each at the head of its plan.
    static let plans: [ArithmeticPlan] =
        [.blas]
        + ProductKernel.supported.filter { $0.format == .fp32 }.compactMap {
            try? ArithmeticPlan(precision: .fp32, backend: .packed, kernels: [$0])
        }

    @Test(
        "Every stage agrees for any dimensions, batch, number of threads and kernel",
        arguments: configurations,
        [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2)])
    func stagesAgree(configuration: VisionConfiguration, setting: (plan: Int, threads: Int)) throws {
        guard setting.plan < Self.plans.count else { return }
        let (plan, threads) = (Self.plans[setting.plan], setting.threads)
        let checkpoint = try RandomCheckpoint(configuration, seed: 7)
        let team = ThreadTeam(memberCount: threads)
        let transformer = try VisionTransformer(checkpoint.file, plan: plan, team: team)
        #expect(transformer.configuration == configuration)
        let naive = try NaiveVisionTransformer(checkpoint.file)
        var random = SeededGenerator(seed: 11)
        let side = configuration.imageSize
        let images = (0..<3).map { _ in
            PixelTensor(height: side, width: side, values: random.floats(3 * side * side, 2))
        }
        let traces = try images.map { try naive($0) }

        var scratch = VisionScratch(configuration, imageCapacity: 3, memberCount: team.memberCount)
        transformer.embedTokens(images, scratch: &scratch, team: team)
        transformer.normalizeTokens(scratch: &scratch, team: team)
        compare(scratch.x.allElements(), traces.flatMap { $0.residuals[0].flatMap(\.self) }, "embeddings")
        for layer in 0..<configuration.layerCount {
            transformer.applyLayer(layer, scratch: &scratch, team: team)
            compare(
                scratch.x.allElements(), traces.flatMap { $0.residuals[layer + 1].flatMap(\.self) },
                "layer \(layer)")
        }
        var output = Matrix(rows: 3, columns: configuration.projectionDimension)
        transformer.gatherClassTokens(scratch: &scratch)
        transformer.project(into: &output, scratch: &scratch, team: team)
        compare(output.allElements(), traces.flatMap(\.embedding), "embedding")

        // The last layer for the class tokens alone, as the encoder computes it.
        let encoder = VisionEncoder(transformer, batchCapacity: 2, team: team)
        // Another split into batches may meet other kernels of the BLAS and differ in the last bits.
        compare(try encoder.encode(images).flatMap(\.self), traces.flatMap(\.embedding), "encoder")
    }

    @Test(
        "Rounded arithmetic stays near, for any dimensions and batch", arguments: configurations,
        [Precision.bf16, .int8])
    func roundedStaysNear(configuration: VisionConfiguration, precision: Precision) throws {
        let checkpoint = try RandomCheckpoint(configuration, seed: 7)
        let team = ThreadTeam(memberCount: 2)
        let plans = ProductKernel.supported.filter { $0.format.rawValue == precision.rawValue }.compactMap {
            first in
            try? ArithmeticPlan(
                precision: precision, backend: .packed,
                kernels: [first] + ProductKernel.supported.filter { $0.format.rawValue != precision.rawValue }
            )
        }
        #expect(!plans.isEmpty)
        let naive = try NaiveVisionTransformer(checkpoint.file)
        var random = SeededGenerator(seed: 11)
        let side = configuration.imageSize
        let images = (0..<3).map { _ in
            PixelTensor(height: side, width: side, values: random.floats(3 * side * side, 2))
        }
        for plan in plans {
            let transformer = try VisionTransformer(checkpoint.file, plan: plan, team: team)
            let found = try VisionEncoder(transformer, batchCapacity: 2, team: team).encode(images)
            for (index, image) in images.enumerated() {
                // Few inputs average out less rounding than 768 do; ViT-B/32 at full size has bounds of its own.
                let deviation = Deviation(found[index], from: try naive(image).embedding)
                #expect(
                    deviation.cosine >= (precision == .bf16 ? 0.9999 : 0.997), "\(plan.summary): \(deviation)"
                )
            }
        }
    }

    @Test(
        "Heads that choose sharply are found, and are rounded less, wherever they lie",
        arguments: [[], [1], [0, 3], [0, 1, 2, 3]], [Precision.bf16, .int8])
    func sharpHeads(heads: [Int], precision: Precision) throws {
        let configuration = VisionConfiguration(
            imageSize: 64, patchSize: 16, width: 192, headCount: 4, layerCount: 3, mlpWidth: 384,
            projectionDimension: 96, activation: .quickGELU)
        let checkpoint = try RandomCheckpoint(configuration, seed: 5, sharpHeads: heads)
        let team = ThreadTeam(memberCount: 2)
        let plan = try ArithmeticPlan(precision: precision, backend: .packed)
        let transformer = try VisionTransformer(checkpoint.file, plan: plan, team: team)
        #expect(transformer.sharpHeads == Array(repeating: heads, count: configuration.layerCount))
        var random = SeededGenerator(seed: 3)
        let images = (0..<2).map { _ in
            PixelTensor(height: 64, width: 64, values: random.floats(3 * 64 * 64, 2))
        }
        let naive = try NaiveVisionTransformer(checkpoint.file)
        let found = try VisionEncoder(transformer, batchCapacity: 2, team: team).encode(images)
        for (index, image) in images.enumerated() {
            let deviation = Deviation(found[index], from: try naive(image).embedding)
            #expect(deviation.cosine >= (precision == .bf16 ? 0.9999 : 0.998), "\(heads): \(deviation)")
        }
    }

    /// Single precision over a few hundred operations a number: 2e-6 of the norm leaves a factor of ten.
    private func compare(_ found: [Float], _ expected: [Double], _ stage: String) {
        let deviation = Deviation(found, from: expected)
        #expect(deviation.relativeToNorm <= 2e-6, "\(stage): \(deviation)")
    }

    @Test("An image of another size is an error, not a trap")
    func wrongSizeIsRefused() throws {
        let checkpoint = try RandomCheckpoint(Self.configurations[0], seed: 7)
        let team = ThreadTeam(memberCount: 1)
        let encoder = VisionEncoder(
            try VisionTransformer(checkpoint.file, team: team), batchCapacity: 2, team: team)
        #expect(throws: WeightError.self) {
            try encoder.encode([
                PixelTensor(height: 16, width: 17, values: Array(repeating: 0, count: 3 * 17 * 16))
            ])
        }
    }
}
