// SPDX-License-Identifier: MIT
import Tensors

/// Checks the tokenizer's merges before they go into a weights file.
enum Vocabulary {
    /// The part of `bytes`, a merges.txt or OpenAI's `bpe_simple_vocab_16e6.txt`, that counts: the header and the merges
    /// that a model of `tokenCount` tokens knows; nil without a text tower.
    static func checked(_ bytes: ByteSlice, tokenCount: Int?) throws(CheckpointError) -> ByteSlice {
        bytes[0..<(try table(bytes, tokenCount: tokenCount)).usedByteCount]
    }

    /// The merges in `bytes`, all of them for a model that has fewer tokens than there are bytes; its tokenizer is another,
    /// which the text tower says when it is loaded.
    static func table(_ bytes: ByteSlice, tokenCount: Int?) throws(CheckpointError) -> MergeTable {
        let fits = tokenCount.map { $0 > MergeTable.otherTokenCount } ?? false
        return try MergeTable(bytes, tokenCount: fits ? tokenCount : nil)
    }
}
