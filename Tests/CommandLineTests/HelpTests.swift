// SPDX-License-Identifier: MIT
import Foundation
import Testing

/// Set AFTERIMAGE_UPDATE_SNAPSHOTS=1 to write the snapshots anew, then read the difference before you commit it.
@Suite("Help texts")
struct HelpTests {
    static let commands = [
        [], ["embed"], ["compare"], ["neighbors"], ["preprocess"], ["tokenize"], ["scenes"], ["weights"],
        ["serve"], ["post"], ["backfill"], ["import"], ["maintenance"], ["backup"], ["weights", "fetch"],
        ["weights", "convert"], ["weights", "synthesize"], ["weights", "info"], ["weights", "verify"],
        ["keys"], ["keys", "create"], ["keys", "list"], ["keys", "revoke"],
    ]

    @Test("are what was agreed, with an example", arguments: commands)
    func help(command: [String]) throws {
        let output = try Program.afterimage.run(command + ["--help"])
        #expect(output.exitCode == 0)
        #expect(output.standardError.isEmpty)
        #expect(output.text.contains("Example"))
        try compare(output.text, withSnapshot: (["afterimage"] + command).joined(separator: "-"))
    }

    @Test("are compared for every subcommand there is")
    func completeness() throws {
        var found: [[String]] = [[]]
        for command in try Self.subcommands(of: []) {
            found.append([command])
            found += try Self.subcommands(of: [command]).map { [command, $0] }
        }
        #expect(Set(found) == Set(Self.commands))
    }

    private static func subcommands(of command: [String]) throws -> [String] {
        let help = try Program.afterimage.run(command + ["--help"]).text
        guard let list = help.range(of: "SUBCOMMANDS:\n") else { return [] }
        return help[list.upperBound...].split(separator: "\n")
            .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See '") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    private func compare(_ text: String, withSnapshot name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Snapshots/\(name).txt")
        if ProcessInfo.processInfo.environment["AFTERIMAGE_UPDATE_SNAPSHOTS"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, "run the tests with AFTERIMAGE_UPDATE_SNAPSHOTS=1 if this is meant")
    }
}
