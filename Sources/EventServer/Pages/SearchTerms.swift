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
    private var pieces: [String] = []

    /// Everything that is no term.
    var words: String { pieces.joined(separator: " ") }

    init() {}

    /// Reads what was typed; of a key that is given twice the last one counts.
    init(_ text: String) {
        for piece in Self.split(text) {
            if let term = Self.term(piece) { set(term.key, term.value) } else { pieces.append(piece.text) }
        }
    }

    subscript(key: Key) -> String? { terms.last { $0.key == key }?.value }

    var isEmpty: Bool { terms.isEmpty && pieces.isEmpty }

    /// Whether an event list cannot answer it: it asks for likeness.
    var asksForLikeness: Bool { !pieces.isEmpty || self[.like] != nil }

    /// The text that gives these terms.
    var text: String { (terms.map(\.text) + pieces.map(Self.quotedWord)).joined(separator: " ") }

    /// The same with another value for `key`; nil takes the term away.
    func with(_ key: Key, _ value: String?) -> SearchTerms {
        var copy = self
        copy.set(key, value)
        return copy
    }

    /// The same without words.
    var withoutWords: SearchTerms {
        var copy = self
        copy.pieces = []
        return copy
    }

    private mutating func set(_ key: Key, _ value: String?) {
        terms.removeAll { $0.key == key }
        if let value { terms.append(Term(key: key, value: value)) }
    }

    // MARK: - Reading

    /// What stands between spaces, without its quotation marks.
    private struct Piece {
        var scalars: [Unicode.Scalar] = []
        /// Where the first colon outside of quotation marks is.
        var colon: Int?

        var text: String { SearchTerms.text(scalars[...]) }
    }

    /// Splits at spaces; quotation marks hold together what is between them, and go.
    ///
    /// Goes by code points: an accent that is typed after a mark does not make it another mark.
    private static func split(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var piece = Piece()
        var isQuoted = false
        for scalar in text.unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
            } else if scalar.properties.isWhitespace, !isQuoted {
                if !piece.scalars.isEmpty { pieces.append(piece) }
                piece = Piece()
            } else {
                if scalar == ":", !isQuoted, piece.colon == nil { piece.colon = piece.scalars.count }
                piece.scalars.append(scalar)
            }
        }
        return piece.scalars.isEmpty ? pieces : pieces + [piece]
    }

    private static func term(_ piece: Piece) -> Term? {
        guard let colon = piece.colon, let key = Key(rawValue: text(piece.scalars[..<colon]).lowercased())
        else { return nil }
        let value = text(piece.scalars[(colon + 1)...])
        return value.isEmpty ? nil : Term(key: key, value: value)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func quoted(_ value: String) -> String {
        value.unicodeScalars.contains(where: \.properties.isWhitespace) ? "\"\(value)\"" : value
    }

    /// A word that would be read as a term stands in quotation marks.
    private static func quotedWord(_ word: String) -> String {
        word.unicodeScalars.contains(":") ? "\"\(word)\"" : quoted(word)
    }
}
