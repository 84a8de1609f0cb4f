// SPDX-License-Identifier: MIT
import CLIP
import Checkpoints
import Tensors
import TestSupport
import Testing

/// The text tower of ViT-B/32 at full size against transformers in single precision; see
/// tools/golden/make_text_goldens.py.
@Suite(
    "Golden vectors of the text tower", .serialized,
    .enabled(if: TestWeights.folder != nil, "tools/test makes the weights and names their folder"))
struct TextTowerGoldenTests {
    private static let (endOfText, contextLength, step) = (49_407, 77, 389)

    @Test(
        "Stages and embeddings of texts of 2 to 77 tokens agree", arguments: TowerGoldenTests.sets,
        [ProductBackend.auto, .cblas])
    func agrees(set: String, backend: ProductBackend) throws {
        let golden = try GoldenFile(RepositoryFiles.fixture("text-\(set).safetensors", of: "CLIPTests"))
        let weights = try SafetensorsFile(opening: #require(TestWeights.path(set)))
        try #require(
            golden.metadata["weights_content_sha256"] == weights.metadata["content_sha256"],
            "the golden vectors were made with other weights; run tools/golden/make_text_goldens.py again")
        let team = ThreadTeam(memberCount: 2)
        let tower = try TextTransformer(weights, backend: backend, team: team)
        var scratch = TextScratch(tower.configuration, memberCount: team.memberCount)
        var output = Matrix(rows: 1, columns: 512)
        let texts = try Self.texts(golden)
        #expect(texts.count >= 20 && Set(texts.map(\.count)).isSuperset(of: [2, 77]))
        let expected = try golden.values("embeddings")
        var worst = (cosine: 1.0, difference: 0.0)
        for (index, tokens) in texts.enumerated() {
            tower(tokens, into: &output, scratch: &scratch, team: team)
            let deviation = Deviation(
                output.elements(ofRow: 0), from: Array(expected[index * 512..<(index + 1) * 512]))
            #expect(
                deviation.cosine >= 0.999999 && deviation.relativeToNorm <= 1e-5, "\(index): \(deviation)")
            worst = (min(worst.cosine, deviation.cosine), max(worst.difference, deviation.relativeToNorm))
        }
        print(
            "\(set), \(backend): 1 − cosine ≤ \(1 - worst.cosine), difference \(worst.difference) of the norm"
        )

        for index in golden.metadata["staged"]?.split(separator: ",").compactMap({ Int($0) }) ?? [] {
            tower.embed(texts[index], scratch: &scratch)
            for layer in 0...tower.layers.count {
                let stage = "\(index)/residual.\(layer)"
                let (found, samples) = (scratch.x.allElements(), try golden.values(stage))
                let deviation = Deviation(
                    samples.indices.map { found[$0 * Self.step % found.count] }, from: samples)
                let bound = TowerGoldenTests.stageBound * Double(try golden.values("\(stage).scale")[0])
                #expect(deviation.largest <= bound, "\(stage): \(deviation), allowed \(bound)")
                if layer < tower.layers.count { tower.applyLayer(layer, scratch: &scratch, team: team) }
            }
        }
    }

    /// The tokens of each text up to the first end-of-text.
    private static func texts(_ golden: GoldenFile) throws -> [[Int]] {
        let ids = try golden.values("ids").map { Int($0) }
        return stride(from: 0, to: ids.count, by: contextLength).map { start in
            let row = ids[start..<start + contextLength]
            return Array(row[...(row.firstIndex(of: endOfText) ?? row.endIndex - 1)])
        }
    }

    @Test("A few words take a few milliseconds")
    func time() throws {
        let weights = try SafetensorsFile(opening: #require(TestWeights.path("plain")))
        let team = ThreadTeam(memberCount: 2)
        let clock = ContinuousClock()
        var tower: TextTransformer?
        let loading = try clock.measure { tower = try TextTransformer(weights, team: team) }
        guard let tower else { return }
        var scratch = TextScratch(tower.configuration, memberCount: team.memberCount)
        var output = Matrix(rows: 1, columns: 512)
        var lines = "loading \(loading);"
        for count in [7, 12, 77] {
            let tokens = (1..<count).map { $0 * 601 } + [Self.endOfText]
            let times = (0..<15).map { _ in
                clock.measure { tower(tokens, into: &output, scratch: &scratch, team: team) }
            }.sorted()
            lines += " \(count) tokens: median \(times[7]), least \(times[0]);"
            // A shared machine may stop us for a while, but not every time.
            #expect(times[0] < .milliseconds(500))
        }
        print(lines)
    }
}
