// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import SystemPackage
import Tensors
import TestSupport
import Testing

@Suite("Vocabulary and scale in weights files")
struct VocabularyTests {
    private static let small = StandInDimensions(
        vision: .init(width: 64, layerCount: 1, headCount: 2, mlpWidth: 64), patchSize: 8, gridSide: 2,
        text: .init(width: 32, layerCount: 1, headCount: 2, mlpWidth: 64),
        vocabularySize: 514 + TestVocabulary.merges.count, contextLength: 10, embeddingWidth: 16)

    private static func write(_ folder: TemporaryDirectory, merges: [UInt8]?) throws -> FilePath {
        let weights = StandInWeights(seed: 3, dimensions: small)
        let path = folder.file("\(merges == nil ? "plain" : "text").safetensors")
        if let merges {
            try weights.write(to: path, vocabulary: ByteSlice(merges))
        } else {
            try weights.write(to: path)
        }
        return path
    }

    @Test(
        "A converted file keeps the logit scale, its version and its content hash when a vocabulary is added")
    func addedVocabulary() throws {
        let folder = try TemporaryDirectory()
        let (merges, output) = (folder.file("merges.txt"), folder.file("out.safetensors"))
        try folder.write(TestVocabulary.file, to: "merges.txt")
        let source = try Self.write(folder, merges: nil)
        let report = try CheckpointConverter(.init(vocabulary: merges)).convert(source, to: output)
        #expect(report.hasVocabulary)
        let (before, after) = (try WeightsFile(opening: source), try WeightsFile(opening: output))
        #expect(after.metadata.contentSHA256 == before.metadata.contentSHA256)
        #expect(after.metadata.modelVersion == before.metadata.modelVersion)
        #expect(after.hasVocabulary && !before.hasVocabulary)
        #expect(
            try [UInt8](after.file.tensor("logit_scale").bytes)
                == [UInt8](before.file.tensor("logit_scale").bytes))
        #expect(WeightsVerification(opening: output).allPassed)
        #expect(WeightsVerification(opening: source).allPassed)
    }

    @Test("Stand-in weights with a vocabulary are the same weights")
    func standIn() throws {
        let folder = try TemporaryDirectory()
        let plain = try WeightsFile(opening: Self.write(folder, merges: nil))
        let path = try Self.write(folder, merges: TestVocabulary.file + Array("what follows is cut off".utf8))
        let text = try WeightsFile(opening: path)
        #expect(text.metadata == plain.metadata)
        #expect(try [UInt8](text.file.tensor(WeightsMetadata.mergesTensor).bytes) == TestVocabulary.file)
        for tensor in plain.file.tensors {
            #expect(try [UInt8](text.file.tensor(tensor.name).bytes) == [UInt8](plain.file[tensor].bytes))
        }
        #expect(throws: CheckpointError.self) {
            try Self.write(folder, merges: Array("#version: 0.2\na b\n".utf8))
        }
    }

    @Test(
        "A Hugging Face folder's tokenizer.json serves where there is no merges.txt",
        arguments: [
            #"["t h", "th e</w>", "i n"]"#, #"[["t", "h"], ["th", "e</w>"], ["i", "n"]]"#,
        ])
    func tokenizerFile(merges: String) throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: folder.file("model").string, withIntermediateDirectories: true)
        for name in ["config.json", "model.safetensors"] {
            try folder.write(
                [UInt8](ByteSlice(mapping: Fixtures.path("hugging-face/\(name)"))), to: "model/\(name)")
        }
        try folder.write(
            Array(#"{"model":{"type":"BPE","merges":\#(merges)}}"#.utf8), to: "model/tokenizer.json")
        let output = folder.file("out.safetensors")
        #expect(try CheckpointConverter().convert(folder.file("model"), to: output).hasVocabulary)
        let stored = try SafetensorsFile(opening: output).tensor(WeightsMetadata.mergesTensor)
        #expect(
            String(decoding: [UInt8](stored.bytes), as: UTF8.self) == "#version: 0.2\nt h\nth e</w>\ni n\n")

        for broken in [#"{"model":{"type":"WordPiece","merges":[]}}"#, #"{"model":{}}"#, "{"] {
            try folder.write(Array(broken.utf8), to: "model/tokenizer.json")
            #expect(throws: CheckpointError.self) {
                try CheckpointConverter().convert(folder.file("model"), to: output)
            }
        }
    }
}
