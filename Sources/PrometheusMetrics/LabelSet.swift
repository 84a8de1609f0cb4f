// SPDX-License-Identifier: MIT

/// Labels as they are written, `route="/livez",code="200"`, sorted by name; two orders are one set.
struct LabelSet: Hashable, Comparable, Sendable {
    /// What stands between the braces; empty without labels.
    let text: String

    /// The last value of a name that repeats wins.
    init(_ pairs: [(String, String)]) {
        let values = Dictionary(pairs) { _, last in last }
        text = values.sorted { $0.key < $1.key }.map { "\($0.key)=\(ExpositionText.quoted($0.value))" }
            .joined(separator: ",")
    }

    /// The braces and what is in them, with one more label; empty where there is none.
    func braced(adding label: String = "") -> String {
        let all = [text, label].filter { !$0.isEmpty }
        return all.isEmpty ? "" : "{\(all.joined(separator: ","))}"
    }

    static func < (a: LabelSet, b: LabelSet) -> Bool { a.text < b.text }
}
