// SPDX-License-Identifier: MIT
import Tensors

/// Checks a merges.txt before it goes into a weights file.
enum Vocabulary {
    static let byteLimit = 16 << 20
    /// Tokens that are no merges: 256 bytes, each also at the end of a word, and two specials.
    static let otherTokenCount = 514

    /// - Parameter tokenCount: Rows of the token embedding; nil without a text tower.
    static func check(_ bytes: ByteSlice, tokenCount: Int?) throws(CheckpointError) {
        guard bytes.count <= byteLimit else {
            throw .vocabularyUnusable(reason: "it has more than \(byteLimit) bytes")
        }
        guard bytes.count < 2 || bytes.littleEndian(at: 0) != 0x8B1F as UInt16 else {
            throw .vocabularyUnusable(reason: "it is compressed; unpack it with gunzip first")
        }
        guard let text = String(validating: [UInt8](bytes), as: UTF8.self) else {
            throw .vocabularyUnusable(reason: "it is not UTF-8 text")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: true)[...]
        guard let first = lines.popFirst(), first.contains("#version") else {
            throw .vocabularyUnusable(reason: "its first line has no #version")
        }
        for (index, line) in lines.enumerated() where !isMerge(line) {
            throw .vocabularyUnusable(reason: "merge \(index + 1) is not two symbols with a space between")
        }
        let needed = max((tokenCount ?? 0) - otherTokenCount, 1)
        guard lines.count >= needed else {
            throw .vocabularyUnusable(reason: "it has \(lines.count) merges, the model needs \(needed)")
        }
    }

    private static func isMerge(_ line: Substring) -> Bool {
        let symbols = line.split(separator: " ", omittingEmptySubsequences: false)
        return symbols.count == 2 && symbols.allSatisfy { !$0.isEmpty }
    }
}
