// SPDX-License-Identifier: MIT
import Checkpoints
import SystemPackage
import Tensors
import Testing

@Suite("Checkpoint converter")
struct CheckpointConverterTests {
    struct Source: Sendable, CustomTestStringConvertible {
        let name: String
        let layout: CheckpointLayout
        var activation: Activation?
        var isVisionOnly = false
        var testDescription: String { name }
    }

    static let sources = [
        Source(name: "hugging-face", layout: .huggingFace),
        Source(name: "hugging-face/model.safetensors", layout: .huggingFace),
        Source(name: "pytorch_model.bin", layout: .huggingFace),
        Source(name: "hugging-face-vision", layout: .huggingFaceVisionOnly, isVisionOnly: true),
        Source(name: "vision-without-prefix.safetensors", layout: .huggingFaceVisionOnly, isVisionOnly: true),
        Source(name: "legacy-vision.bin", layout: .huggingFaceVisionOnly, isVisionOnly: true),
        Source(name: "openai-torchscript.pt", layout: .openAI),
        Source(name: "open-clip.pt", layout: .openCLIP, activation: .quickGELU),
        Source(name: "open-clip-checkpoint.pt", layout: .openCLIP, activation: .quickGELU),
    ]

    @Test("converts every layout of one model to the same tensors", arguments: sources)
    func sameTensors(source: Source) throws {
        let folder = try TemporaryFolder()
        let output = folder.path.appending("weights.safetensors")
        let report = try CheckpointConverter(.init(activation: source.activation))
            .convert(Fixtures.path(source.name), to: output)
        let expected = try Fixtures.description()
        let names = expected.tensors.keys.filter { !source.isVisionOnly || $0.hasPrefix("vis") }

        let file = try SafetensorsFile(opening: output)
        let found = file.tensors.filter { ![WeightsMetadata.mergesTensor, "logit_scale"].contains($0.name) }
        #expect(file.contains("logit_scale") == !source.isVisionOnly)
        #expect(Set(found.map(\.name)) == Set(names))
        for tensor in found {
            let reference = try #require(expected.tensors[tensor.name])
            #expect(tensor.elementType == .float16 && tensor.shape == reference.shape)
            #expect(ContentHash.sha256(of: file[tensor].bytes) == reference.sha256, "\(tensor.name)")
        }
        #expect(report.layout == source.layout)
        let hash = expected.content_sha256[source.isVisionOnly ? "vision_only" : "both_towers"]
        #expect(report.metadata.contentSHA256 == hash)
        #expect(report.metadata.modelVersion == "custom-\(try #require(hash).prefix(12))")
        #expect(try WeightsMetadata(file.metadata) == report.metadata)
        #expect(try folder.contents == ["weights.safetensors"])
        #expect(WeightsVerification(opening: output).allPassed)
    }

    @Test("keeps single precision exactly where half would lose a bit")
    func singlePrecision() throws {
        let folder = try TemporaryFolder()
        let output = folder.path.appending("weights.safetensors")
        let source = Fixtures.path("single-precision.safetensors")
        let report = try CheckpointConverter().convert(source, to: output)
        let expected = try Fixtures.description()
        #expect(report.singlePrecisionTensors == expected.single_precision_tensors)
        #expect(report.metadata.contentSHA256 == expected.content_sha256["single_precision"])
        let original = try SafetensorsFile(opening: source)
        let converted = try SafetensorsFile(opening: output)
        for tensor in original.tensors {
            let before = original[tensor].decoded()
            #expect(try converted.tensor(tensor.name).decoded() == before, "\(tensor.name)")
        }
    }

    @Test("writes the same bytes each time, and from its own output")
    func repeatable() throws {
        let folder = try TemporaryFolder()
        let paths = ["a", "b", "c"].map { folder.path.appending($0) }
        _ = try CheckpointConverter().convert(Fixtures.path("hugging-face"), to: paths[0])
        _ = try CheckpointConverter().convert(Fixtures.path("hugging-face"), to: paths[1])
        _ = try CheckpointConverter().convert(paths[0], to: paths[2])
        let first = try [UInt8](ByteSlice(mapping: paths[0]))
        #expect(try [UInt8](ByteSlice(mapping: paths[1])) == first)
        #expect(try [UInt8](ByteSlice(mapping: paths[2])) == first)
    }

    @Test("takes the vocabulary beside the weights, or the one that is named")
    func vocabulary() throws {
        let folder = try TemporaryFolder()
        let output = folder.path.appending("weights.safetensors")
        let merges = Fixtures.path("hugging-face/merges.txt")
        for (source, options) in [
            ("hugging-face", CheckpointConverter.Options()),
            ("pytorch_model.bin", CheckpointConverter.Options(vocabulary: merges)),
        ] {
            #expect(try CheckpointConverter(options).convert(Fixtures.path(source), to: output).hasVocabulary)
            let stored = try SafetensorsFile(opening: output).tensor(WeightsMetadata.mergesTensor)
            #expect(try [UInt8](stored.bytes) == Fixtures.bytes("hugging-face/merges.txt"))
        }
    }

    @Test("asks for the activation where it cannot be known, and says where it was assumed")
    func activation() throws {
        let folder = try TemporaryFolder()
        let output = folder.path.appending("weights.safetensors")
        #expect(throws: CheckpointError.activationUnknown) {
            try CheckpointConverter().convert(Fixtures.path("open-clip.pt"), to: output)
        }
        #expect(try folder.contents.isEmpty)
        func convert(_ name: String, _ activation: Activation? = nil) throws -> ConversionReport {
            try CheckpointConverter(.init(activation: activation)).convert(Fixtures.path(name), to: output)
        }
        #expect(try convert("pytorch_model.bin").isActivationAssumed)
        #expect(try !convert("hugging-face").isActivationAssumed)
        #expect(try !convert("openai-torchscript.pt").isActivationAssumed)
        let gelu = try convert("open-clip.pt", .gelu)
        #expect(gelu.metadata.activation == .gelu)
        // Other numbers, so another version.
        #expect(gelu.metadata.modelVersion != (try convert("open-clip.pt", .quickGELU)).metadata.modelVersion)
    }

    static let badVersions: [(version: String, code: String)] = [
        ("", "model_version_unusable"), ("   ", "model_version_unusable"),
        (String(repeating: "x", count: 51), "model_version_unusable"), ("a\nb", "model_version_unusable"),
        ("a\u{7F}", "model_version_unusable"), ("clip-ViT-B-32-v1", "model_version_reserved"),
        ("stand-in-ViT-B-32-v1", "model_version_reserved"),
    ]

    @Test("refuses model versions that cannot be stored or belong to others", arguments: badVersions)
    func modelVersion(bad: (version: String, code: String)) throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: CheckpointError.self) {
            try CheckpointConverter(.init(modelVersion: bad.version))
                .convert(Fixtures.path("hugging-face"), to: folder.path.appending("w"))
        }
        #expect(error.code == bad.code)
    }

    @Test("stores vectors under the name that the user gives")
    func givenVersion() throws {
        let folder = try TemporaryFolder()
        let version = String(repeating: "ü", count: 50)
        let report = try CheckpointConverter(.init(modelVersion: version))
            .convert(Fixtures.path("hugging-face"), to: folder.path.appending("w"))
        #expect(report.metadata.modelVersion == version)
    }
}
