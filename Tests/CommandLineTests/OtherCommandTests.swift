// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("The other commands")
struct OtherCommandTests {
    @Test("compare prints one cosine, 1 for a picture and itself")
    func compare() throws {
        let fixture = try CommandLineFixture()
        let same = try fixture.afterimage("compare", "0.jpg", "0.jpg", "--weights", "tiny.safetensors")
        #expect(same.lines == ["1.000000"])
        let other = try fixture.afterimage("compare", "0.jpg", "1.jpg", "--weights", "tiny.safetensors")
        let cosine = try #require(other.lines.first.flatMap(Double.init))
        #expect((-1..<0.999999).contains(cosine))
    }

    @Test("neighbors finds the copy of a picture first, in text and in JSON")
    func neighbors() throws {
        let fixture = try CommandLineFixture()
        let arguments = ["neighbors", "0.jpg", "1.jpg", "./0.jpg", "2.jpg", "--weights", "tiny.safetensors"]
        let text = try Program.afterimage.run(arguments, in: fixture.folder.path)
        #expect(text.exitCode == 0)
        #expect(text.lines.count == 4)
        #expect(try #/0\.jpg +1\.0000  \./0\.jpg/#.wholeMatch(in: text.lines[0]) != nil, "\(text.lines[0])")
        let json = try Program.afterimage.run(
            arguments + ["--json", "--limit", "2"], in: fixture.folder.path)
        #expect(json.lines.count == 4)
        #expect(
            json.lines[2].hasPrefix(
                #"{"source":"./0.jpg","neighbors":[{"source":"0.jpg","cosine":1.000000},"#))
    }

    @Test(
        "preprocess writes each stage in its shape",
        arguments: [
            ("decoded", "(40, 48, 3,)"), ("resized", "(224, 268, 3,)"), ("cropped", "(224, 224, 3,)"),
            ("tensor", "(3, 224, 224,)"),
        ])
    func preprocess(stage: String, shape: String) throws {
        let fixture = try CommandLineFixture()
        let output = try fixture.afterimage("preprocess", "0.jpg", "--stage", stage, "--out", "a.npy")
        #expect(output.exitCode == 0)
        #expect(output.standardOutput.isEmpty)
        let file = try Data(contentsOf: URL(fileURLWithPath: fixture.folder.file("a.npy").string))
        let header = String(decoding: file.prefix(128), as: UTF8.self)
        #expect(header.contains("'shape': \(shape)"), "\(header)")
        #expect(header.contains(stage == "tensor" ? "'<f4'" : "'|u1'"), "\(header)")
    }

    @Test("scenes draws what it lists")
    func scenes() throws {
        let fixture = try CommandLineFixture()
        let list = try fixture.afterimage("scenes", "--list")
        let drawn = try fixture.afterimage("scenes", "--out", "scenes", "--width", "64", "--height", "36")
        #expect(list.lines.count >= 8)
        #expect(drawn.lines == list.lines.map { "scenes/\($0).jpg" })
        let embedded = try fixture.afterimage("embed", drawn.lines[0], "--weights", "tiny.safetensors")
        #expect(embedded.exitCode == 0)
    }

    @Test("weights info says what is in a file")
    func info() throws {
        let output = try CommandLineFixture().afterimage("weights", "info", "tiny.safetensors", "--json")
        #expect(output.exitCode == 0, "\(output.standardError)")
        let object = try JSONSerialization.jsonObject(with: output.standardOutput) as? [String: Any]
        #expect(object?["model_version"] as? String == "tiny-v1")
    }
}
