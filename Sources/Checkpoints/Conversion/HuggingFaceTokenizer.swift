// SPDX-License-Identifier: MIT
import SystemPackage
import Tensors

/// The merges in a `tokenizer.json`, which newer folders of Hugging Face have in place of merges.txt.
enum HuggingFaceTokenizer {
    private struct File: Decodable {
        let model: Model
    }

    private struct Model: Decodable {
        let type: String?
        let merges: [Merge]
    }

    /// Two symbols, as an array or as one text with a space between.
    private struct Merge: Decodable {
        let line: String

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let line = try? value.decode(String.self) {
                self.line = line
            } else {
                line = try value.decode([String].self).joined(separator: " ")
            }
        }
    }

    /// The text of the merges.txt that belongs to the file at `path`.
    static func merges(in path: FilePath) throws(CheckpointError) -> ByteSlice {
        let model = try JSONFile.decode(File.self, at: path).model
        guard model.type ?? "BPE" == "BPE" else {
            throw .vocabularyUnusable(reason: "tokenizer.json is not of byte pairs")
        }
        let lines = ["#version: 0.2"] + model.merges.map(\.line)
        return ByteSlice(Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}
