// SPDX-License-Identifier: MIT
import CLIP
import Checkpoints
import Foundation
import SystemPackage
import Tensors
import TestSupport
import Testing

/// Token ids of transformers' `CLIPTokenizer`; see tools/golden/make_tokenizer_goldens.py.
@Suite(
    "Golden token ids", .enabled(if: TestVocabulary.published != nil, "\(TestVocabulary.skipped)"))
struct TokenizerGoldenTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            let text: String
            let ids: [Int]
        }
        let context: Int
        let cases: [Case]
    }

    private static func tokenizer(context: Int = 77) throws -> BytePairTokenizer {
        let file = try ByteSlice(mapping: #require(TestVocabulary.published))
        return BytePairTokenizer(try MergeTable(file), contextLength: context)
    }

    private static func golden(_ path: String) throws -> Golden {
        try JSONDecoder().decode(Golden.self, from: Data(contentsOf: URL(filePath: path)))
    }

    @Test("All texts have the reference's tokens, padded with end-of-text to 77")
    func fixture() throws {
        let golden = try Self.golden(RepositoryFiles.fixture("tokens.json", of: "CLIPTests").string)
        let tokenizer = try Self.tokenizer()
        #expect(golden.cases.count >= 500)
        for text in golden.cases {
            let found = tokenizer.tokens(of: text.text)
            #expect(found == text.ids, "\(text.text.debugDescription)")
            let padding = Array(repeating: 49_407, count: 77 - found.count)
            #expect(tokenizer.paddedTokens(of: text.text) == found + padding)
        }
    }

    @Test(
        "So has every code point of Unicode, and thousands of random texts",
        .enabled(
            if: sweepPath != nil,
            "name a file of make_tokenizer_goldens.py --sweep in AFTERIMAGE_TOKENIZER_SWEEP"))
    func sweep() throws {
        let file = try Data(contentsOf: URL(filePath: #require(Self.sweepPath)), options: .mappedIfSafe)
        let tokenizer = try Self.tokenizer(context: 100_000)
        var (count, wrong) = (0, 0)
        // A case a line: too many to decode at once.
        for line in file.split(separator: UInt8(ascii: "\n")) where line.starts(with: Array("{\"text\"".utf8))
        {
            let text = try JSONDecoder().decode(
                Golden.Case.self, from: line.last == UInt8(ascii: ",") ? line.dropLast() : line)
            count += 1
            guard tokenizer.tokens(of: text.text) != text.ids else { continue }
            wrong += 1
            let codes = text.text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
            if wrong <= 20 { Issue.record("\(codes.prefix(300))") }
        }
        print("\(count) texts, \(wrong) of them wrong")
        #expect(count > 100_000 && wrong == 0)
    }

    private static let sweepPath = ProcessInfo.processInfo.environment["AFTERIMAGE_TOKENIZER_SWEEP"]

    @Test("The published vocabulary has 49,408 tokens, the last two of them special")
    func sizes() throws {
        let table = try MergeTable(ByteSlice(mapping: #require(TestVocabulary.published)))
        #expect(table.tokenCount == 49_408)
        #expect((table.startOfText, table.endOfText) == (49_406, 49_407))
    }
}
