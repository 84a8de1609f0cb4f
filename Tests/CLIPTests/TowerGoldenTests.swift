import CLIP
// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import Imaging
import SystemPackage
import Tensors
import TestSupport
import Testing

/// ViT-B/32 at full size against transformers in single precision; see tools/golden/make_tower_goldens.py.
@Suite(
    "Golden vectors of the vision tower", .serialized,
    .enabled(if: TestWeights.folder != nil, "tools/test makes the weights and names their folder"))
struct TowerGoldenTests {
    /// Plain random weights, and weights with the habits of trained transformers.
    static let sets = ["plain", "trained-like"]

    /// Two float32 engines sum 3072 products in different orders: γ ≈ √3072 · 2⁻²⁴ ≈ 3e-6 of the largest magnitude
    /// for one linear map, and 24 residual blocks add up as √24 ≈ 5 of those.
    static let stageBound = 2e-5

    @Test(
        "Every stage of every picture agrees with the reference", arguments: sets,
        [ProductBackend.auto, .cblas])
    func stagesAgree(set: String, backend: ProductBackend) throws {
        let tower = try GoldenTower(set, try ArithmeticPlan(precision: .fp32, backend: backend))
        for picture in tower.pictures {
            let pixels = try tower.pixels(of: picture)
            try tower.compare(pixels.values, "\(picture)/tensor", largest: 1e-6)

            tower.transformer.embedTokens([pixels], scratch: &tower.scratch, team: tower.team)
            try tower.compareResidual("\(picture)/patches", within: Self.stageBound)
            tower.transformer.normalizeTokens(scratch: &tower.scratch, team: tower.team)
            try tower.compareResidual("\(picture)/residual.0", within: Self.stageBound)
            for layer in tower.transformer.layers.indices {
                tower.transformer.applyLayer(layer, scratch: &tower.scratch, team: tower.team)
                try tower.compareResidual("\(picture)/residual.\(layer + 1)", within: Self.stageBound)
            }
        }
    }

    /// What each precision keeps of the reference: cosine, and for single precision the largest difference of the norm.
    static let precisions: [(Precision, ProductBackend, cosine: Double)] = [
        (.fp32, .cblas, 0.999999), (.fp32, .auto, 0.999999), (.bf16, .auto, 0.9999), (.int8, .auto, 0.999),
    ]

    @Test(
        "Embeddings agree from image bytes, alone and in a batch, in every precision", arguments: sets,
        precisions)
    func embeddingsAgree(
        set: String, setting: (precision: Precision, backend: ProductBackend, cosine: Double)
    ) throws {
        let plan = try ArithmeticPlan(precision: setting.precision, backend: setting.backend)
        #expect(plan.precision == setting.precision, "this processor would not run what is tested")
        let tower = try GoldenTower(set, plan)
        let encoder = VisionEncoder(tower.transformer, batchCapacity: 8, team: tower.team)
        let tensors = try tower.pictures.map { try tower.pixels(of: $0) }
        let batched = try encoder.encode(tensors)
        var worst = (cosine: 1.0, difference: 0.0)
        for (index, picture) in tower.pictures.enumerated() {
            let expected = try tower.golden.values("\(picture)/embedding")
            for found in [batched[index], try encoder.encode([tensors[index]])[0]] {
                let deviation = Deviation(found, from: expected)
                #expect(deviation.cosine >= setting.cosine, "\(picture): \(deviation)")
                if setting.precision == .fp32 {
                    #expect(deviation.relativeToNorm <= 1e-5, "\(picture): \(deviation)")
                }
                worst = (min(worst.cosine, deviation.cosine), max(worst.difference, deviation.relativeToNorm))
            }
        }
        print(
            "\(set), \(plan.summary): 1 − cosine ≤ \(1 - worst.cosine), largest difference \(worst.difference) of the norm"
        )
    }
}

/// One weight set with its golden file.
private final class GoldenTower {
    let golden: GoldenFile
    let transformer: VisionTransformer
    let team = ThreadTeam(memberCount: 2)
    var scratch: VisionScratch

    /// Position k of a sampled stage is (k · step) modulo its size.
    private static let step = 389

    init(_ set: String, _ plan: ArithmeticPlan) throws {
        golden = try GoldenFile(RepositoryFiles.fixture("\(set).safetensors", of: "CLIPTests"))
        let weights = try SafetensorsFile(opening: #require(TestWeights.path(set)))
        try #require(
            golden.metadata["weights_content_sha256"] == weights.metadata["content_sha256"],
            "the golden vectors were made with other weights; run tools/golden/make_tower_goldens.py again")
        transformer = try VisionTransformer(weights, plan: plan, team: team)
        scratch = VisionScratch(transformer.configuration, imageCapacity: 1, memberCount: team.memberCount)
    }

    var pictures: [String] {
        golden.metadata["pictures"]?.split(separator: ",").map(String.init) ?? []
    }

    func pixels(of picture: String) throws -> PixelTensor {
        let path = RepositoryFiles.fixture(picture, of: "ImagingTests")
        return try ImagePreprocessor()(Array(Data(contentsOf: URL(filePath: path.string))))
    }

    func compareResidual(_ stage: String, within bound: Double) throws {
        let largest = Double(try golden.values("\(stage).scale")[0])
        try compare(scratch.x.allElements(), stage, largest: bound * largest)
    }

    func compare(_ found: [Float], _ stage: String, largest bound: Double) throws {
        let expected = try golden.values(stage)
        let sampled = expected.indices.map { found[$0 * Self.step % found.count] }
        let deviation = Deviation(sampled, from: expected)
        #expect(deviation.largest <= bound, "\(stage): \(deviation), allowed \(bound)")
    }
}
