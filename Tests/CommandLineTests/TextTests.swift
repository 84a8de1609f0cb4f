// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@Suite("Texts on the command line")
struct TextTests {
    private struct Line: Decodable {
        struct Failure: Decodable {
            let code: String
        }
        let source: String
        let model_version: String?
        let embedding: [Float]?
        let error: Failure?
    }

    private func lines(_ output: Program.Output) throws -> [Line] {
        try output.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test("embed prints images first, then texts, in one space")
    func order() throws {
        let output = try CommandLineFixture().afterimage(
            "embed", "--text", "cat", "0.jpg", "--text", "", "1.jpg", "--text", "red \"dog\"\n", "--weights",
            "text.safetensors")
        #expect(output.exitCode == 0, "\(output.standardError)")
        let lines = try lines(output)
        #expect(lines.map(\.source) == ["0.jpg", "1.jpg", "cat", "", "red \"dog\"\n"])
        #expect(lines.allSatisfy { $0.model_version == "tiny-v1" && $0.embedding?.count == 16 })
        #expect(Set(lines.compactMap(\.embedding)).count == 5)
    }

    @Test("embed takes texts alone, as an array too, and scales them where asked")
    func textsAlone() throws {
        let fixture = try CommandLineFixture()
        let array = try FloatArray(
            fixture.afterimage(
                "embed", "--text", "cat", "--text", "dog", "--weights", "text.safetensors", "--format", "npy",
                "--normalize"
            ).standardOutput)
        #expect(array.shape == [2, 16])
        for row in [array.values.prefix(16), array.values.suffix(16)] {
            #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
        #expect(try fixture.afterimage("embed", "--weights", "text.safetensors").exitCode == 64)
    }

    @Test(
        "weights that cannot read say so for each text, and images are still embedded",
        arguments: [("tiny.safetensors", "no_text_tower"), ("no-merges.safetensors", "no_vocabulary")])
    func lacking(weights: String, code: String) throws {
        let fixture = try CommandLineFixture()
        let output = try fixture.afterimage("embed", "0.jpg", "--text", "cat", "--weights", weights)
        #expect(output.exitCode == 1)
        #expect(try lines(output).map { $0.error?.code } == [nil, code])
        let compared = try fixture.afterimage("compare", "0.jpg", "text:cat", "--weights", weights)
        #expect(compared.exitCode == 1 && compared.standardError.contains(code))
        let tokenized = try fixture.afterimage("tokenize", "cat", "--weights", weights)
        #expect(tokenized.exitCode == 1 && tokenized.standardError.contains("no_vocabulary"))
    }

    @Test("texts keep the version of pictures in 8 bits")
    func eightBits() throws {
        let output = try CommandLineFixture().afterimage(
            "embed", "0.jpg", "--text", "cat", "--weights", "text.safetensors", "--precision", "int8")
        #expect(try lines(output).map(\.model_version) == ["tiny-v1+int8", "tiny-v1+int8"])
    }

    @Test("compare takes texts and images")
    func compare() throws {
        let fixture = try CommandLineFixture()
        func cosine(_ a: String, _ b: String) throws -> Double {
            let output = try fixture.afterimage("compare", a, b, "--weights", "text.safetensors")
            return try #require(Double(output.text.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        #expect(try cosine("text:cat", "text:cat") == 1)
        #expect(try cosine("text:cat", "text:CAT ") == 1)
        let mixed = try cosine("0.jpg", "text:cat")
        #expect(try mixed == cosine("text:cat", "0.jpg") && abs(mixed) < 1)
    }

    @Test("tokenize prints an array of ids a line, filled up with end-of-text")
    func tokenize() throws {
        let fixture = try CommandLineFixture()
        try fixture.folder.write(TestVocabulary.file, to: "merges.txt")
        let count = TestVocabulary.merges.count
        for (arguments, length) in [("text.safetensors", 12), ("merges.txt", 77)] {
            let option = arguments.hasSuffix("txt") ? "--vocabulary" : "--weights"
            let output = try fixture.afterimage("tokenize", "cat", "", option, arguments)
            #expect(output.exitCode == 0, "\(output.standardError)")
            let ids = try output.lines.map { try JSONDecoder().decode([Int].self, from: Data($0.utf8)) }
            let (start, end) = (512 + count, 513 + count)
            #expect(ids.map(\.count) == [length, length])
            #expect(ids[0] == [start, 513] + Array(repeating: end, count: length - 2))
            #expect(ids[1] == [start] + Array(repeating: end, count: length - 1))
        }
        let broken = try fixture.afterimage("tokenize", "cat", "--vocabulary", "text.txt")
        #expect(broken.exitCode == 1 && broken.standardError.contains("vocabulary_unusable"))
    }
}
