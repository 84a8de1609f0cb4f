// SPDX-License-Identifier: MIT
internal import Foundation

/// Lists as JSON, the form in which SQLite takes a list of any length as one argument.
enum JSONText {
    /// A JSON array of strings.
    static func array(_ strings: some Sequence<String>) -> String {
        let data = try? JSONSerialization.data(withJSONObject: Array(strings))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
