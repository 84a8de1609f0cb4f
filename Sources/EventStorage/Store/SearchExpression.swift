// SPDX-License-Identifier: MIT

/// Words of a user as an expression of FTS5 in which nothing the user types has a meaning.
enum SearchExpression: Equatable {
    /// There are no words: nothing is restricted.
    case everything
    /// There are only signs, which no description is indexed by.
    case nothing
    /// Every word must occur; the last one may go on.
    case match(String)

    private static let mostWords = 32

    init(_ text: String) {
        let words = text.split { $0.isWhitespace }
        guard !words.isEmpty else {
            self = .everything
            return
        }
        let searchable = words.prefix(Self.mostWords).filter(Self.hasToken)
        guard !searchable.isEmpty else {
            self = .nothing
            return
        }
        self = .match(searchable.map(Self.quoted).joined(separator: " AND ") + "*")
    }

    /// Whether the tokenizer finds anything: it keeps letters and numbers.
    private static func hasToken(_ word: Substring) -> Bool {
        word.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .decimalNumber, .letterNumber, .otherNumber, .privateUse:
                true
            default: false
            }
        }
    }

    /// The word as a string of FTS5; SQLite ends a text at a zero, so there is none.
    ///
    /// Goes by code points as SQLite does: a quotation mark with an accent is one character to Swift and still a
    /// quotation mark to SQLite.
    private static func quoted(_ word: Substring) -> String {
        var text = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            if scalar == "\"" { text.append(scalar) }
            text.append(scalar == "\0" ? " " : scalar)
        }
        return "\"" + String(text) + "\""
    }
}
