// SPDX-License-Identifier: MIT
package import Tensors

/// The vocabulary of a byte-pair tokenizer: which two tokens merge, and into which.
///
/// Token ids follow from the order of the merges alone:
///
///     0 …< 256         a byte inside a word
///     256 …< 512       a byte at the end of a word
///     512 …< 512 + m   merge 0 … m − 1
///     then             start of text, end of text
///
/// Bytes are numbered as GPT-2 wrote them: first those that print in Latin-1, then the rest.
///
/// Source: Sennrich, Haddow and Birch 2016; `merges.txt` of Hugging Face Transformers.
package struct MergeTable: Sendable {
    /// Merges of every CLIP that OpenAI and open_clip published.
    package static let publishedMergeCount = 48_894
    /// Tokens that are no merges: 256 bytes, each also at the end of a word, and two specials.
    static let otherTokenCount = 514
    static let byteLimit = 16 << 20

    /// Number of merges, the lowest of which comes first.
    package let mergeCount: Int
    /// Bytes of the file that were read: its header and `mergeCount` merges.
    package let usedByteCount: Int
    /// Rank of a merge by its two tokens, the left one in the upper half.
    private let ranks: [UInt64: Int32]
    private let tokenOfByte: [Int32]

    /// Tokens in all.
    package var tokenCount: Int { mergeCount + Self.otherTokenCount }
    /// Begins every text.
    package var startOfText: Int { mergeCount + 512 }
    /// Ends every text.
    package var endOfText: Int { mergeCount + 513 }

    /// Reads the text of a merges.txt or of OpenAI's `bpe_simple_vocab_16e6.txt`: a header line, then a merge a line.
    ///
    /// - Parameters:
    ///   - file: UTF-8 text; what follows the last merge that counts is not looked at.
    ///   - tokenCount: Tokens that the model knows; nil for as many merges as there are, at most the published number.
    /// - Throws: ``CheckpointError/vocabularyUnusable(reason:)`` with the first violated rule.
    /// - Complexity: O(bytes); 20 ms for the published file.
    package init(_ file: ByteSlice, tokenCount: Int? = nil) throws(CheckpointError) {
        let bytes = try Self.text(file)
        var lines = MergeLines(bytes)
        guard let header = lines.next(), String(decoding: header, as: UTF8.self).contains("#version") else {
            throw .vocabularyUnusable(reason: "its first line has no #version")
        }
        let needed = tokenCount.map { $0 - Self.otherTokenCount }
        guard (needed ?? 1) > 0 else {
            throw .vocabularyUnusable(
                reason: "the model has \(tokenCount ?? 0) tokens, fewer than \(Self.otherTokenCount + 1)")
        }
        var symbols = MergeSymbols(capacity: needed ?? Self.publishedMergeCount)
        while symbols.mergeCount < needed ?? Self.publishedMergeCount, let line = lines.next() {
            try symbols.append(line)
        }
        guard symbols.mergeCount >= needed ?? 1 else {
            throw .vocabularyUnusable(
                reason: "it has \(symbols.mergeCount) merges, the model needs \(needed ?? 1)")
        }
        mergeCount = symbols.mergeCount
        usedByteCount = lines.position
        ranks = symbols.ranks
        tokenOfByte = ByteAlphabet.order.indices.map { byte in
            Int32(ByteAlphabet.order.firstIndex(of: UInt8(byte)) ?? 0)
        }
    }

    /// The token of one byte inside a word, or at its end.
    package func token(ofByte byte: UInt8, endsWord: Bool) -> Int32 {
        tokenOfByte[Int(byte)] + (endsWord ? 256 : 0)
    }

    /// How early `left` and `right` merge, 0 first; nil when they do not.
    package func rank(of left: Int32, _ right: Int32) -> Int32? {
        ranks[MergeSymbols.pair(left, right)]
    }

    /// The token that merge `rank` makes.
    package func token(ofMerge rank: Int32) -> Int32 { rank + 512 }

    private static func text(_ file: ByteSlice) throws(CheckpointError) -> [UInt8] {
        guard file.count <= byteLimit else {
            throw .vocabularyUnusable(reason: "it has more than \(byteLimit) bytes")
        }
        guard file.count < 2 || file.littleEndian(at: 0) != 0x8B1F as UInt16 else {
            throw .vocabularyUnusable(reason: "it is compressed; unpack it with gunzip first")
        }
        let bytes = [UInt8](file)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .vocabularyUnusable(reason: "it is not UTF-8 text")
        }
        return bytes
    }
}
