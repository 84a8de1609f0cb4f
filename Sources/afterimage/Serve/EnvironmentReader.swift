// SPDX-License-Identifier: MIT
import EventServer
import Foundation

/// Reads `AFTERIMAGE_…` variables and remembers which of them are known.
struct EnvironmentReader {
    private static let prefix = "AFTERIMAGE_"
    private let environment: [String: String]
    private var known: Set<String> = []

    init(_ environment: [String: String]) {
        self.environment = environment.filter { $0.key.hasPrefix(Self.prefix) }
    }

    /// The variable's value; nil when it is not set or empty.
    mutating func text(_ name: String) -> String? {
        known.insert(Self.prefix + name)
        guard let value = environment[Self.prefix + name], !value.isEmpty else { return nil }
        return value
    }

    mutating func integer(_ name: String) throws(SettingsError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text) else { throw .notANumber(Self.prefix + name, text) }
        return number
    }

    mutating func flag(_ name: String) throws(SettingsError) -> Bool {
        guard let text = text(name)?.lowercased() else { return false }
        switch text {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default: throw .invalid(Self.prefix + name, text, expected: ["1", "0", "true", "false"])
        }
    }

    /// The API key from the environment, or from the file that the environment names.
    mutating func apiKey() throws(SettingsError) -> APIKey? {
        let direct = text("API_KEY").map { APIKey($0) }
        guard let path = text("API_KEY_FILE") else { return direct }
        guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .unreadableKeyFile(path)
        }
        let key = content.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty else { throw .unreadableKeyFile(path) }
        return APIKey(key)
    }

    /// Variables that nobody asked for, in alphabetical order; those of the tests are not ours.
    var unknown: [String] {
        environment.keys.filter { !known.contains($0) && !$0.hasPrefix("AFTERIMAGE_TEST_") }.sorted()
    }
}
