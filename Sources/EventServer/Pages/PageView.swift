// SPDX-License-Identifier: MIT
internal import Mustache

/// What a template is filled with: texts, flags, lists, and views within.
///
/// An absent value is false, so that its section is left out and nothing of the same name further out shows instead.
struct PageView: MustacheParent, ExpressibleByDictionaryLiteral {
    private var values: [String: Any]

    init(dictionaryLiteral elements: (String, Any?)...) {
        values = Dictionary(elements.map { ($0.0, $0.1 ?? false) }) { $1 }
    }

    subscript(name: String) -> Any? {
        get { values[name] }
        set { values[name] = newValue ?? false }
    }

    /// Takes over what another view has.
    mutating func add(_ other: PageView) {
        values.merge(other.values) { $1 }
    }

    func child(named name: String) -> Any? { values[name] }
}
