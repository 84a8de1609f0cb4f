// SPDX-License-Identifier: MIT
internal import Checkpoints

/// Merges the bytes of one word into tokens.
///
/// Source: Sennrich, Haddow and Birch 2016, algorithm 1, with a queue in place of its search.
struct BytePairEncoder: Sendable {
    let table: MergeTable

    /// The tokens of `word`, at least one byte.
    ///
    /// - Complexity: O(n log n) in the bytes of the word.
    func callAsFunction(_ word: [UInt8]) -> [Int] {
        var tokens = word.indices.map { table.token(ofByte: word[$0], endsWord: $0 == word.count - 1) }
        // Neighbours by index; a merged token stays at the index of its left part.
        var next = word.indices.map { $0 + 1 }
        var previous = word.indices.map { $0 - 1 }
        var queue = MergeQueue()
        func offer(_ position: Int) {
            guard position >= 0, next[position] < tokens.count else { return }
            guard let rank = table.rank(of: tokens[position], tokens[next[position]]) else { return }
            queue.insert(rank: rank, position: position)
        }
        for position in word.indices { offer(position) }
        while let (rank, position) = queue.popFirst() {
            // Entries outlive the tokens they were made for.
            let right = next[position]
            guard tokens[position] >= 0, right < tokens.count,
                table.rank(of: tokens[position], tokens[right]) == rank
            else { continue }
            tokens[position] = table.token(ofMerge: rank)
            tokens[right] = -1
            next[position] = next[right]
            if next[right] < tokens.count { previous[next[right]] = position }
            offer(position)
            offer(previous[position])
        }
        return tokens.filter { $0 >= 0 }.map(Int.init)
    }
}
