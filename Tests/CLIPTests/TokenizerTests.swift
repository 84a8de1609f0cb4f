// SPDX-License-Identifier: MIT
import CLIP
import Checkpoints
import Tensors
import TestSupport
import Testing

@Suite("Byte-pair tokenizer")
struct TokenizerTests {
    private static func tokenizer(context: Int = 77) throws -> BytePairTokenizer {
        BytePairTokenizer(try MergeTable(ByteSlice(TestVocabulary.file)), contextLength: context)
    }

    /// Symbols as the merges file writes them, by id.
    private static let symbols: [String] = {
        let printable: [UInt8] = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
        var next: UInt32 = 0x100
        var bytes = printable.map { Character(Unicode.Scalar($0)) }
        for byte in UInt8.min...UInt8.max where !printable.contains(byte) {
            bytes.append(Character(Unicode.Scalar(next) ?? " "))
            next += 1
        }
        let joined = TestVocabulary.merges.map { $0.replacing(" ", with: "") }
        return bytes.map { "\($0)" } + bytes.map { "\($0)</w>" } + joined + ["<start>", "<end>"]
    }()

    private func words(_ text: String, context: Int = 77) throws -> [String] {
        try Self.tokenizer(context: context).tokens(of: text).map { Self.symbols[$0] }
    }

    static let texts: [(String, [String])] = [
        ("", []), (" \t\n\u{3000}\u{85}", []),
        ("cat", ["cat</w>"]), ("CAT  dog\n", ["cat</w>", "dog</w>"]), ("catdog", ["ca", "t", "dog</w>"]),
        ("photo", ["photo</w>"]), ("red", ["re", "d</w>"]), ("cat's", ["cat</w>", "'s</w>"]),
        ("!!!", ["!!", "!</w>"]), ("!!", ["!!</w>"]), ("!", ["!</w>"]), ("x!", ["x</w>", "!</w>"]),
        ("42", ["4</w>", "2</w>"]), ("a1b", ["a</w>", "1</w>", "b</w>"]),
        ("café", ["cafÃ©</w>"]), ("cafe\u{301}", ["cafÃ©</w>"]), ("CAFÉ", ["cafÃ©</w>"]),
        ("aaaaa", ["aaaa", "a</w>"]), ("aaaaaaa", ["aaaa", "aa", "a</w>"]),
        ("<|endoftext|>", ["<end>"]), ("cat<|startoftext|>dog", ["cat</w>", "<start>", "dog</w>"]),
        ("\0", ["Ā</w>"]), ("\u{200D}", ["â", "Ģ", "į</w>"]),
    ]

    @Test("gives the tokens that the rules give", arguments: texts)
    func rules(text: String, expected: [String]) throws {
        #expect(try words(text) == ["<start>"] + expected + ["<end>"])
    }

    @Test("keeps names of special tokens that only lower case makes as three words")
    func loweredSpecials() throws {
        let expected = ["<", "|</w>"] + "endoftex".map { "\($0)" } + ["t</w>", "|", "></w>", "!!</w>"]
        #expect(try words("<|ENDOFTEXT|>!!") == ["<start>"] + expected + ["<end>"])
    }

    @Test("ends with end-of-text whatever the length", arguments: [2, 3, 5, 77])
    func truncation(context: Int) throws {
        let tokenizer = try Self.tokenizer(context: context)
        for count in 0..<90 {
            let text = Array(repeating: "cat", count: count).joined(separator: " ")
            let tokens = tokenizer.tokens(of: text)
            #expect(tokens.count == min(count + 2, context))
            #expect(tokens.first == tokenizer.startOfText && tokens.last == tokenizer.endOfText)
            let padded = tokenizer.paddedTokens(of: text)
            #expect(padded.count == context && padded.starts(with: tokens))
            #expect(padded.dropFirst(tokens.count).allSatisfy { $0 == tokenizer.endOfText })
        }
    }

    @Test("merges as the plain search for the lowest rank does")
    func twin() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let tokenizer = try Self.tokenizer(context: 4096)
        for _ in 0..<2000 {
            let letters = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                "aatcdoghxyxyrepf".randomElement(using: &random) ?? "a"
            }
            let found = tokenizer.tokens(of: String(letters)).dropFirst().dropLast().map { Self.symbols[$0] }
            #expect(found == Self.plainMerges(letters), "seed \(seed), \(String(letters))")
        }
    }

    private static func plainMerges(_ letters: [Character]) -> [String] {
        var symbols = letters.map { "\($0)" }
        symbols[symbols.count - 1] += "</w>"
        while true {
            let ranks = zip(symbols, symbols.dropFirst()).map { left, right in
                TestVocabulary.merges.firstIndex(of: "\(left) \(right)") ?? .max
            }
            guard let best = ranks.min(), best < .max, let place = ranks.firstIndex(of: best) else {
                return symbols
            }
            symbols.replaceSubrange(place..<place + 2, with: [symbols[place] + symbols[place + 1]])
        }
    }

    /// A million characters each; quadratic work would take hours.
    static let hostile: [(name: String, unit: String, scalars: Int)] = [
        ("one word", "a", 1), ("merging pairs", "xy", 2), ("points", "!", 1), ("digits", "7", 1),
        ("accents", "\u{301}\u{323}\u{327}", 3), ("one letter, then accents", "\u{316}", 1),
        ("spaces", " ", 1),
        ("apostrophes", "'", 1), ("special tokens", "<|endoftext|>", 13),
        ("their beginnings", "<|endoftext", 11),
        ("faces", "👩\u{200D}", 2), ("syllables", "\u{1100}\u{1161}\u{11A8}", 3), ("NUL", "\0", 1),
        ("lowered specials", "<|ENDOFTEXT|>", 13),
    ]

    @Test("takes no more than a second or two for a million characters", arguments: hostile)
    func hostileLength(text: (name: String, unit: String, scalars: Int)) throws {
        let tokenizer = try Self.tokenizer()
        let long = "e" + String(repeating: text.unit, count: 1_000_000 / text.scalars)
        var tokens: [Int] = []
        let duration = ContinuousClock().measure { tokens = tokenizer.tokens(of: long) }
        #expect(tokens.count <= 77 && tokens.last == tokenizer.endOfText)
        #expect(duration < .seconds(15), "\(text.name): \(duration)")
    }

    static let brokenMerges: [(file: String, reason: String)] = [
        ("", "its first line has no #version"), ("a b\n", "its first line has no #version"),
        ("#version: 0.2\n", "it has 0 merges, the model needs 1"),
        ("#version: 0.2\nab\n", "merge 1 is not two symbols with a space between"),
        ("#version: 0.2\na b\na b c\n", "merge 2 is not two symbols with a space between"),
        ("#version: 0.2\na  b\n", "merge 1 is not two symbols with a space between"),
        ("#version: 0.2\na bc\n", "merge 1 joins a symbol that no line before it makes"),
        ("#version: 0.2\na b\na b\n", "merge 2 makes a symbol that exists already"),
        ("#version: 0.2\nb c\na b\na bc\nab c\n", "merge 4 makes a symbol that exists already"),
        ("#version: 0.2\n日 本\n", "merge 1 joins a symbol that no line before it makes"),
    ]

    @Test("refuses merges that contradict themselves", arguments: brokenMerges)
    func broken(merges: (file: String, reason: String)) {
        #expect(throws: CheckpointError.vocabularyUnusable(reason: merges.reason)) {
            try MergeTable(ByteSlice(Array(merges.file.utf8)))
        }
    }

    @Test("refuses merges for another model, and bytes that are no text")
    func otherModel() throws {
        let bytes = ByteSlice(TestVocabulary.file)
        let count = TestVocabulary.merges.count
        #expect(try MergeTable(bytes, tokenCount: 514 + count).mergeCount == count)
        #expect(try MergeTable(bytes, tokenCount: 514 + 3).mergeCount == 3)
        for tokens in [514 + count + 1, 514, 0, -1, Int.max] {
            #expect(throws: CheckpointError.self) { try MergeTable(bytes, tokenCount: tokens) }
        }
        for file: [UInt8] in [[0x1F, 0x8B, 8, 0], [0xFF, 0xFE], Array(repeating: 0, count: 20 << 20)] {
            #expect(throws: CheckpointError.self) { try MergeTable(ByteSlice(file)) }
        }
    }

    @Test("uses as much of a longer file as the model knows, with any line ends")
    func prefix() throws {
        let file = Array("#version: 0.2\r\na b\r\n\r\nc d\r\nnot a merge".utf8)
        #expect(try MergeTable(ByteSlice(file), tokenCount: 516).usedByteCount == 27)
    }
}
