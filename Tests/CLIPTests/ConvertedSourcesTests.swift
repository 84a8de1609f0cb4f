// SPDX-License-Identifier: MIT
import CLIP
import Checkpoints
import Foundation
import Imaging
import SystemPackage
import Tensors
import TestSupport
import Testing

/// One tiny CLIP, written by the real libraries in every published form; see tools/golden/make_checkpoint_archives.py.
@Suite("Converted checkpoints")
struct ConvertedSourcesTests {
    static let sources: [(String, Activation?)] = [
        ("hugging-face", nil), ("hugging-face/model.safetensors", nil), ("hugging-face-vision", nil),
        ("vision-without-prefix.safetensors", nil), ("pytorch_model.bin", nil), ("legacy-vision.bin", nil),
        ("openai-torchscript.pt", nil), ("open-clip.pt", .quickGELU), ("open-clip-checkpoint.pt", .quickGELU),
    ]

    @Test("Every form of the same model gives the embedding that transformers computes", arguments: sources)
    func sameEmbedding(source: String, activation: Activation?) throws {
        let reference = try GoldenFile(
            RepositoryFiles.fixture("tiny-reference.safetensors", of: "CheckpointsTests"))
        let path = FilePath(NSTemporaryDirectory()).appending("afterimage-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        _ = try CheckpointConverter(.init(activation: activation)).convert(
            RepositoryFiles.fixture(source, of: "CheckpointsTests"), to: path)

        let team = ThreadTeam(memberCount: 2)
        let transformer = try VisionTransformer(try SafetensorsFile(opening: path), team: team)
        let encoder = VisionEncoder(transformer, batchCapacity: 1, team: team)
        let side = transformer.configuration.imageSize
        let image = PixelTensor(height: side, width: side, values: try reference.values("pixel_values"))
        let deviation = Deviation(try encoder.encode([image])[0], from: try reference.values("image_embeds"))
        #expect(deviation.cosine >= 0.999999 && deviation.relativeToNorm <= 2e-6, "\(deviation)")
    }
}
