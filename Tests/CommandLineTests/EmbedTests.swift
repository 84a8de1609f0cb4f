// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("afterimage embed")
struct EmbedTests {
    /// A line of the output.
    struct Line: Decodable {
        struct Failure: Decodable {
            let code: String
            let message: String
        }
        let source: String
        let model_version: String?
        let dimension: Int?
        let embedding: [Float]?
        let milliseconds: Double?
        let error: Failure?
    }

    private func lines(_ output: Program.Output) throws -> [Line] {
        try output.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    @Test("prints one object a picture, in the order given, whatever the batch", arguments: [1, 2, 8])
    func order(batch: Int) throws {
        let fixture = try CommandLineFixture()
        let output = try fixture.afterimage(
            "embed", "2.jpg", "0.jpg", "3.jpg", "1.jpg", "0.jpg", "--weights", "tiny.safetensors", "--batch",
            "\(batch)")
        #expect(output.exitCode == 0)
        #expect(output.standardError.isEmpty)
        let lines = try lines(output)
        #expect(lines.map(\.source) == ["2.jpg", "0.jpg", "3.jpg", "1.jpg", "0.jpg"])
        for line in lines {
            #expect(line.model_version == "tiny-v1")
            #expect(line.dimension == 16)
            #expect(line.embedding?.count == 16)
            #expect(line.embedding?.allSatisfy(\.isFinite) == true)
            #expect((line.milliseconds ?? -1) >= 0)
            #expect(line.error == nil)
        }
        let again = Deviation(lines[4].embedding ?? [], from: lines[1].embedding ?? [])
        #expect(again.relativeToNorm < 1e-5)
        #expect(Set(lines.compactMap(\.embedding)).count >= 4)
    }

    @Test("writes the keys in the documented order")
    func keys() throws {
        let output = try CommandLineFixture().afterimage(
            "embed", "0.jpg", "empty.jpg", "--weights", "tiny.safetensors")
        let pattern =
            #/\{"source":"0\.jpg","model_version":"tiny-v1","dimension":16,"embedding":\[[^\]]*\],"milliseconds":[0-9.]+\}/#
        #expect(try pattern.wholeMatch(in: output.lines[0]) != nil, "\(output.lines[0])")
        let failure = #/\{"source":"empty\.jpg","error":\{"code":"empty_image","message":"[^"]+"\}\}/#
        #expect(try failure.wholeMatch(in: output.lines[1]) != nil, "\(output.lines[1])")
    }

    @Test("goes on after broken pictures and ends with 1")
    func broken() throws {
        let output = try CommandLineFixture().afterimage(
            "embed", "absent.jpg", "0.jpg", "truncated.jpg", ".", "empty.jpg", "text.txt", "1.jpg",
            "--weights", "tiny.safetensors")
        #expect(output.exitCode == 1)
        let codes = try lines(output).map { $0.error?.code }
        #expect(
            codes == [
                "file_not_found", nil, "undecodable_image", "is_directory", "empty_image",
                "unsupported_image_type", nil,
            ])
    }

    @Test("reads one picture from standard input")
    func standardInput() throws {
        let fixture = try CommandLineFixture()
        let output = try fixture.afterimage(
            "embed", "-", "1.jpg", "--weights", "tiny.safetensors", input: try TestPictures.jpeg(1))
        let lines = try lines(output)
        #expect(lines.map(\.source) == ["-", "1.jpg"])
        #expect(Deviation(lines[0].embedding ?? [], from: lines[1].embedding ?? []).relativeToNorm < 1e-5)
    }

    @Test("prints floats that read back to the same numbers, in every format")
    func floats() throws {
        let fixture = try CommandLineFixture()
        let json = try lines(fixture.afterimage("embed", "0.jpg", "1.jpg", "--weights", "tiny.safetensors"))
        let array = try FloatArray(
            fixture.afterimage("embed", "0.jpg", "1.jpg", "--weights", "tiny.safetensors", "--format", "npy")
                .standardOutput)
        #expect(array.shape == [2, 16])
        #expect(json.flatMap { $0.embedding ?? [] }.map(\.bitPattern) == array.values.map(\.bitPattern))
    }

    @Test("fills the rows of failed pictures with NaN")
    func notANumber() throws {
        let fixture = try CommandLineFixture()
        let output = try fixture.afterimage(
            "embed", "truncated.jpg", "0.jpg", "absent.jpg", "--weights", "tiny.safetensors", "--format",
            "npy",
            "--out", "rows.npy")
        #expect(output.exitCode == 1)
        #expect(output.standardOutput.isEmpty)
        #expect(output.standardError.contains("undecodable_image"))
        #expect(output.standardError.contains("file_not_found"))
        let array = try FloatArray(
            Data(contentsOf: URL(fileURLWithPath: fixture.folder.file("rows.npy").string)))
        #expect(array.shape == [3, 16])
        #expect(array.values.map(\.isNaN) == (0..<48).map { $0 / 16 != 1 })
    }

    @Test("scales to length 1 where asked, without turning")
    func normalize() throws {
        let fixture = try CommandLineFixture()
        let raw = try lines(fixture.afterimage("embed", "0.jpg", "--weights", "tiny.safetensors"))
        let unit = try lines(
            fixture.afterimage("embed", "0.jpg", "--weights", "tiny.safetensors", "--normalize"))
        let deviation = Deviation(unit[0].embedding ?? [], from: raw[0].embedding ?? [])
        let length = (unit[0].embedding ?? []).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(length - 1) < 1e-6)
        #expect(deviation.cosine > 1 - 1e-12)
        #expect(abs(deviation.norm - 1) > 1e-3, "a projection of unit length would prove nothing")
    }

    @Test("writes a file in place of standard output")
    func out() throws {
        let fixture = try CommandLineFixture()
        let output = try fixture.afterimage(
            "embed", "0.jpg", "--weights", "tiny.safetensors", "--out", "a.jsonl")
        #expect(output.exitCode == 0)
        #expect(output.standardOutput.isEmpty)
        let file = try String(contentsOfFile: fixture.folder.file("a.jsonl").string, encoding: .utf8)
        #expect(file.hasPrefix(#"{"source":"0.jpg","#) && file.hasSuffix("}\n"))
    }

    @Test("finds weights by environment and by data directory")
    func weightsLocation() throws {
        let fixture = try CommandLineFixture()
        let named = try fixture.afterimage(
            "embed", "0.jpg", environment: ["AFTERIMAGE_WEIGHTS": "tiny.safetensors"])
        #expect(named.exitCode == 0, "\(named.standardError)")
        try FileManager.default.createDirectory(
            atPath: fixture.folder.file("data/weights").string, withIntermediateDirectories: true)
        try TinyWeights(modelVersion: "data-v1").write(
            to: fixture.folder.file("data/weights/clip-vit-b-32.safetensors"))
        let found = try fixture.afterimage("embed", "0.jpg", environment: ["AFTERIMAGE_DATA_DIR": "data"])
        #expect(try lines(found).first?.model_version == "data-v1")
    }

    @Test("reports damaged weights for each picture")
    func damaged() throws {
        let output = try CommandLineFixture().afterimage("embed", "0.jpg", "--weights", "damaged.safetensors")
        #expect(output.exitCode == 1)
        #expect(try lines(output).first?.error?.code == "engine_error")
    }
}
