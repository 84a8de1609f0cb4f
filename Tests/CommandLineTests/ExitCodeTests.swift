// SPDX-License-Identifier: MIT
import TestSupport
import Testing

@Suite("Exit codes and error names")
struct ExitCodeTests {
    /// A call that fails, and how.
    struct Call: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let exitCode: Int32
        /// Words on standard error.
        let message: String

        init(_ arguments: String, _ exitCode: Int32, _ message: String) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.exitCode = exitCode
            self.message = message
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let wrongUsage = [
        Call("nonsense", 64, "nonsense"),
        Call("embed", 64, "images"),
        Call("embed 0.jpg --nonsense", 64, "--nonsense"),
        Call("embed 0.jpg --format xml", 64, "xml"),
        Call("embed 0.jpg --batch 0", 64, "--batch is 0"),
        Call("embed 0.jpg --batch 257", 64, "--batch is 257"),
        Call("embed 0.jpg --batch many", 64, "many"),
        Call("embed 0.jpg --threads 0", 64, "--threads is 0"),
        Call("embed 0.jpg --precision fp3", 64, "fp3"),
        Call("embed 0.jpg --backend gpu", 64, "gpu"),
        Call("embed - -", 64, "Standard input"),
        Call("compare 0.jpg", 64, "second"),
        Call("compare 0.jpg 1.jpg 2.jpg", 64, "2.jpg"),
        Call("neighbors 0.jpg", 64, "at least two"),
        Call("neighbors 0.jpg 1.jpg --limit 0", 64, "--limit is 0"),
        Call("preprocess 0.jpg --out x.npy", 64, "--stage"),
        Call("preprocess 0.jpg --stage halved --out x.npy", 64, "halved"),
        Call("scenes", 64, "--out"),
        Call("scenes --out x --width 1", 64, "16 to 8192"),
        Call("serve --time-zone Europe/Nowhere", 64, "--time-zone is 'Europe/Nowhere'"),
        Call("serve --recurrence maybe", 64, "--recurrence is 'maybe'"),
        Call("serve --recurrence-threshold 1.5", 64, "--recurrence-threshold is '1.5'"),
        Call("serve --recurrence-threshold nan", 64, "--recurrence-threshold is 'nan'"),
        Call("weights nonsense", 64, "nonsense"),
        Call("weights info", 64, "file"),
        Call("weights convert tiny.safetensors", 64, "--out"),
        Call("weights convert tiny.safetensors --out x --activation relu", 64, "relu"),
        Call("weights synthesize", 64, "--out"),
        Call("weights fetch --source nonsense", 64, "nonsense"),
    ]

    static let failures = [
        Call("embed 0.jpg --weights absent.safetensors", 1, "weights_missing"),
        Call("embed 0.jpg", 1, "weights_missing"),
        Call("embed 0.jpg --weights text.txt", 1, "invalid_weights"),
        Call("embed 0.jpg --weights empty.jpg", 1, "invalid_weights"),
        Call("embed 0.jpg --weights .", 1, "invalid_weights"),
        Call("embed 0.jpg --weights tiny.safetensors --out no/such/folder.jsonl", 1, "file_not_writable"),
        Call("compare 0.jpg absent.jpg --weights tiny.safetensors", 1, "file_not_found"),
        Call("compare 0.jpg truncated.jpg --weights tiny.safetensors", 1, "undecodable_image"),
        Call("neighbors 0.jpg 1.jpg empty.jpg --weights tiny.safetensors", 1, "empty_image"),
        Call("preprocess absent.jpg --stage decoded --out x.npy", 1, "absent.jpg"),
        Call("preprocess . --stage decoded --out x.npy", 1, "is_directory"),
        Call("preprocess text.txt --stage decoded --out x.npy", 1, "unsupported_image_type"),
        Call("preprocess 0.jpg --stage decoded --out no/such/folder.npy", 1, "file_not_writable"),
        Call("weights info absent.safetensors", 1, "file_not_found"),
        Call("weights info text.txt", 1, "afterimage: "),
        Call("weights convert text.txt --out x.safetensors", 1, "afterimage: "),
        Call("weights convert absent --out x.safetensors", 1, "afterimage: "),
    ]

    @Test(
        "are 64 for wrong usage and 1 for what failed, with the reason on standard error",
        arguments: wrongUsage + failures)
    func exitCode(call: Call) throws {
        let fixture = try CommandLineFixture()
        let output = try Program.afterimage.run(call.arguments, in: fixture.folder.path)
        withExtendedLifetime(fixture) {}
        #expect(output.exitCode == call.exitCode, "\(output.standardError)")
        #expect(output.standardError.contains(call.message), "\(output.standardError)")
    }

    @Test("leave standard output empty on wrong usage", arguments: wrongUsage)
    func silence(call: Call) throws {
        #expect(try Program.afterimage.run(call.arguments).standardOutput.isEmpty)
    }
}
