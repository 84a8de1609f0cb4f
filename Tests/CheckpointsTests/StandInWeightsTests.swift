// SPDX-License-Identifier: MIT
import Checkpoints
import Digests
import Foundation
import SystemPackage
import Testing

@Suite("Stand-in weights")
struct StandInWeightsTests {
    /// The full layout at a size that takes milliseconds.
    private static let small = StandInDimensions(
        vision: .init(width: 48, layerCount: 2, headCount: 3, mlpWidth: 96), patchSize: 8, gridSide: 3,
        text: .init(width: 32, layerCount: 2, headCount: 2, mlpWidth: 64), vocabularySize: 60,
        contextLength: 12, embeddingWidth: 24)

    @Test(
        "of a small model are the same file on every machine",
        arguments: [
            (StandInProfile.plain, "a1fd1adeece8b01866c1cc8a85d9af67d6928d2b0f091d2982195cb588ae697a"),
            (.trainedLike, "353f768b3542cab9e5e4cbd209309578ca9e1f8d36fcb028d5f68af790c4ed4a"),
        ])
    func fileIsPinned(profile: StandInProfile, expected: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("small.safetensors")
        try StandInWeights(seed: 1, profile: profile, dimensions: Self.small).write(to: FilePath(file.path))
        let found = SHA256.hash(try Data(contentsOf: file)).hexadecimal
        #expect(found == expected)
    }

    @Test(
        "of the full model have the same tensors on every machine",
        arguments: [
            ("logit_scale", "d7ed4b7099d1162111cc99bc871391bab6e36385c7c084fd8f60e57c567d9ca8"),
            (
                "vision_model.embeddings.position_embedding.weight",
                "03c6b81846e1e324ca44524204e9e09712b7dd271a920558db381373dc8a14ed"
            ),
            (
                "vision_model.encoder.layers.7.self_attn.k_proj.weight",
                "b46924682d105bbf5fac7251d0affda22fb7403f17d86d15a05ff4a16a9816cd"
            ),
            (
                "text_model.encoder.layers.11.mlp.fc2.bias",
                "48f84ea37d30d6f373aede85cd0096d50b6477f4729deac9ec73fb00b413f322"
            ),
        ])
    func tensorsArePinned(name: String, expected: String) throws {
        let values = try #require(StandInWeights(seed: 1).values(of: name))
        #expect(digest(values) == expected, "\(name)")
    }

    @Test("have the published number of tensors and parameters")
    func layoutIsComplete() {
        let declarations = StandInWeights().declarations
        #expect(declarations.count == 398)
        #expect(declarations.reduce(0) { $0 + $1.shape.reduce(1, *) } == 151_277_313)
        let shapes = Dictionary(uniqueKeysWithValues: declarations.map { ($0.name, $0.shape) })
        #expect(shapes["vision_model.embeddings.patch_embedding.weight"] == [768, 3, 32, 32])
        #expect(shapes["vision_model.encoder.layers.11.mlp.fc1.weight"] == [3072, 768])
        #expect(shapes["text_model.embeddings.token_embedding.weight"] == [49408, 512])
        #expect(shapes["visual_projection.weight"] == [512, 768])
        #expect(shapes["logit_scale"] == [])
    }

    @Test("are finite and not constant, tensor by tensor", arguments: StandInProfile.allCases)
    func valuesAreFinite(profile: StandInProfile) throws {
        let weights = StandInWeights(seed: 3, profile: profile, dimensions: Self.small)
        for declaration in weights.declarations {
            let values = try #require(weights.values(of: declaration.name))
            #expect(values.count == declaration.shape.reduce(1, *), "\(declaration.name)")
            #expect(values.allSatisfy { $0 & 0x7C00 != 0x7C00 }, "\(declaration.name)")
            #expect(Set(values).count > values.count / 8, "\(declaration.name)")
        }
    }

    @Test("differ for another seed and from tensor to tensor")
    func seedsDiffer() throws {
        let name = "vision_model.encoder.layers.0.mlp.fc1.weight"
        let first = StandInWeights(seed: 1, dimensions: Self.small)
        #expect(first.values(of: name) != StandInWeights(seed: 2, dimensions: Self.small).values(of: name))
        #expect(first.values(of: name) != first.values(of: name.replacingOccurrences(of: ".0.", with: ".1.")))
        #expect(first.values(of: "no.such.tensor") == nil)
    }

    private func digest(_ values: [UInt16]) -> String {
        var bytes: [UInt8] = []
        for value in values { bytes += [UInt8(value & 0xFF), UInt8(value >> 8)] }
        return SHA256.hash(bytes).hexadecimal
    }
}
