// SPDX-License-Identifier: MIT
internal import Foundation

/// Lists as JSON, the form in which SQLite takes a list of any length as one argument.
enum JSONText {
    /// A JSON array of strings.
    static func array(_ strings: some Collection<String>) -> String {
        // Identifiers of events, as a rule; the general writer takes ten times as long.
        if strings.allSatisfy({ $0.utf8.allSatisfy(needsNoEscape) }) {
            return strings.isEmpty ? "[]" : "[\"\(strings.joined(separator: "\",\""))\"]"
        }
        let data = try? JSONSerialization.data(withJSONObject: Array(strings))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    private static func needsNoEscape(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
