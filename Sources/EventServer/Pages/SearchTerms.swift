// SPDX-License-Identifier: MIT

/// What stands in the search box: words, and terms such as `camera:front` or `label:"person"`.
///
/// The text is the whole state of a search: it stands in the URL, and removing a term gives another text.
struct SearchTerms: Sendable, Equatable {
    /// What a term is about.
    enum Key: String, CaseIterable, Sendable {
        case camera, label, after, before, day, hours, state, like, visitor
    }

    /// A key with its value.
    struct Term: Sendable, Equatable {
        let key: Key
        let value: String

        /// The term as it is typed.
        var text: String { "\(key.rawValue):\(SearchTerms.quoted(value))" }
    }

    private(set) var terms: [Term] = []
    /// Everything that is no term.
    private(set) var words = ""

    init() {}

    /// Reads what was typed; of a key that is given twice the last one counts.
    init(_ text: String) {
        var plain: [String] = []
        for piece in Self.pieces(text) {
            if let term = Self.term(piece) { set(term.key, term.value) } else { plain.append(piece.text) }
        }
        words = plain.joined(separator: " ")
    }

    subscript(key: Key) -> String? { terms.last { $0.key == key }?.value }

    var isEmpty: Bool { terms.isEmpty && words.isEmpty }

    /// Whether an event list cannot answer it: it asks for likeness.
    var asksForLikeness: Bool { !words.isEmpty || self[.like] != nil }

    /// The text that gives these terms.
    var text: String { (terms.map(\.text) + (words.isEmpty ? [] : [words])).joined(separator: " ") }

    /// The same with another value for `key`; nil takes the term away.
    func with(_ key: Key, _ value: String?) -> SearchTerms {
        var copy = self
        copy.set(key, value)
        return copy
    }

    /// The same without words.
    var withoutWords: SearchTerms {
        var copy = self
        copy.words = ""
        return copy
    }

    private mutating func set(_ key: Key, _ value: String?) {
        terms.removeAll { $0.key == key }
        if let value { terms.append(Term(key: key, value: value)) }
    }

    // MARK: - Reading

    private struct Piece {
        var text = ""
        /// Where the first colon outside of quotation marks is.
        var colon: String.Index?
    }

    /// Splits at spaces; quotation marks hold together what is between them, and go.
    private static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var piece = Piece()
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
            } else if character.isWhitespace, !isQuoted {
                if !piece.text.isEmpty { pieces.append(piece) }
                piece = Piece()
            } else {
                if character == ":", !isQuoted, piece.colon == nil { piece.colon = piece.text.endIndex }
                piece.text.append(character)
            }
        }
        return piece.text.isEmpty ? pieces : pieces + [piece]
    }

    private static func term(_ piece: Piece) -> Term? {
        guard let colon = piece.colon, let key = Key(rawValue: piece.text[..<colon].lowercased()) else {
            return nil
        }
        let value = String(piece.text[piece.text.index(after: colon)...])
        return value.isEmpty ? nil : Term(key: key, value: value)
    }

    private static func quoted(_ value: String) -> String {
        value.contains(where: \.isWhitespace) ? "\"\(value)\"" : value
    }
}
