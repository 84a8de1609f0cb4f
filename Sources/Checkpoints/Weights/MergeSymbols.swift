// SPDX-License-Identifier: MIT

/// The symbols of a merges file as they are read, each known by the characters it is written with.
struct MergeSymbols {
    private static let wordEnd = Array("</w>".utf8)

    /// Rank of a merge by its two tokens.
    private(set) var ranks: [UInt64: Int32] = [:]
    private(set) var mergeCount = 0
    private var tokens: [ArraySlice<UInt8>: Int32] = [:]

    init(capacity: Int) {
        let capacity = min(capacity, MergeTable.publishedMergeCount)
        ranks.reserveCapacity(capacity)
        tokens.reserveCapacity(capacity + 512)
        for (index, byte) in ByteAlphabet.order.enumerated() {
            let symbol = Array(String(ByteAlphabet.character(of: byte)).utf8)
            tokens[symbol[...]] = Int32(index)
            tokens[(symbol + Self.wordEnd)[...]] = Int32(index + 256)
        }
    }

    static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Adds the merge `line`: two symbols that exist, with a space between.
    mutating func append(_ line: ArraySlice<UInt8>) throws(CheckpointError) {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw fault("is not two symbols with a space between")
        }
        guard let left = tokens[parts[0]], let right = tokens[parts[1]] else {
            throw fault("joins a symbol that no line before it makes")
        }
        let joined = parts[0] + parts[1]
        guard tokens.updateValue(Int32(512 + mergeCount), forKey: joined) == nil else {
            throw fault("makes a symbol that exists already")
        }
        ranks[Self.pair(left, right)] = Int32(mergeCount)
        mergeCount += 1
    }

    private func fault(_ what: String) -> CheckpointError {
        .vocabularyUnusable(reason: "merge \(mergeCount + 1) \(what)")
    }
}

/// The lines of a merges file, without their ends; empty lines are passed over.
struct MergeLines {
    private let bytes: [UInt8]
    /// Bytes read so far.
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> ArraySlice<UInt8>? {
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            var line = bytes[position..<end]
            position = min(end + 1, bytes.count)
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if !line.isEmpty { return line }
        }
        return nil
    }
}
