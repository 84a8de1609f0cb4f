// SPDX-License-Identifier: MIT
import FoundationEssentials
import SystemPackage
import Tensors

/// The settings of a Hugging Face `config.json` that weights do not show by themselves.
struct HuggingFaceConfiguration {
    let activation: Activation
    let visionHeadCount: Int
    /// Nil in the configuration of a vision tower.
    let textHeadCount: Int?

    private struct File: Decodable {
        let vision_config: Tower?
        let text_config: Tower?
        let hidden_act: String?
        let num_attention_heads: Int?
        let layer_norm_eps: Double?
    }

    private struct Tower: Decodable {
        let hidden_act: String?
        let num_attention_heads: Int?
        let layer_norm_eps: Double?
    }

    /// Reads `config.json`; absent settings have the defaults of `CLIPConfig`.
    init(reading path: FilePath) throws(CheckpointError) {
        let file = try JSONFile.decode(File.self, at: path)
        let vision =
            file.vision_config
            ?? Tower(
                hidden_act: file.hidden_act, num_attention_heads: file.num_attention_heads,
                layer_norm_eps: file.layer_norm_eps)
        activation = try Self.activation(vision.hidden_act)
        visionHeadCount = vision.num_attention_heads ?? 12
        textHeadCount = file.text_config.map { $0.num_attention_heads ?? 8 }
        try Self.check(vision, activation)
        if let text = file.text_config { try Self.check(text, activation) }
        let counts = [visionHeadCount, textHeadCount ?? 1]
        guard counts.allSatisfy({ (1...1024).contains($0) }) else {
            throw .configurationUnsupported(
                key: "num_attention_heads", found: "\(counts)", expected: "1 to 1024")
        }
    }

    private static func activation(_ word: String?) throws(CheckpointError) -> Activation {
        guard let word else { return .quickGELU }
        guard let activation = Activation(rawValue: word) else {
            throw .configurationUnsupported(
                key: "hidden_act", found: String(word.prefix(50)), expected: "quick_gelu or gelu")
        }
        return activation
    }

    private static func check(_ tower: Tower, _ expected: Activation) throws(CheckpointError) {
        guard try activation(tower.hidden_act) == expected else {
            throw .configurationUnsupported(
                key: "text_config.hidden_act", found: tower.hidden_act ?? "quick_gelu",
                expected: "\(expected.rawValue), as in vision_config")
        }
        let epsilon = tower.layer_norm_eps ?? 1e-5
        guard epsilon == 1e-5 else {
            throw .configurationUnsupported(key: "layer_norm_eps", found: "\(epsilon)", expected: "1e-05")
        }
    }
}

/// Reads small JSON files.
enum JSONFile {
    static let byteLimit = 16 << 20

    static func decode<Value: Decodable>(
        _ type: Value.Type, at path: FilePath
    ) throws(CheckpointError) -> Value {
        let name = path.lastComponent?.string ?? "The file"
        let bytes: ByteSlice
        do {
            bytes = try ByteSlice(mapping: path)
        } catch {
            throw .cannotOpen(error)
        }
        guard bytes.count <= byteLimit else {
            throw .configurationMalformed(file: name, reason: "it has more than \(byteLimit) bytes")
        }
        do {
            return try JSONDecoder().decode(type, from: Data([UInt8](bytes)))
        } catch {
            throw .configurationMalformed(
                file: name, reason: "it is not the JSON that save_pretrained writes")
        }
    }
}
