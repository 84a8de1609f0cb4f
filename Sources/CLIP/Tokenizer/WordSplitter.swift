// SPDX-License-Identifier: MIT

/// Cuts normalised text into the words that bytes are merged within.
///
///     's|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
///
/// Each match is a word, white space is dropped. The names of the two special tokens, where they appear in the text
/// after lower-casing, are three words each and never part of a longer one, as the reference has it.
///
/// Source: `CLIPTokenizer` of Hugging Face Transformers.
struct WordSplitter: IteratorProtocol, Sequence {
    private let text: [Unicode.Scalar]
    private var position = 0
    /// Words already found, the next one last.
    private var found: [Range<Int>] = []

    /// The words of `text`, lower case and in NFC.
    init(_ text: [Unicode.Scalar]) {
        self.text = text
    }

    /// The UTF-8 bytes of the next word.
    mutating func next() -> [UInt8]? {
        while found.isEmpty && position < text.count { advance() }
        guard let word = found.popLast() else { return nil }
        return word.flatMap { UTF8.encode(text[$0]).map(Array.init) ?? [] }
    }

    private mutating func advance() {
        if let end = special() {
            found = [end - 2..<end, position + 2..<end - 2, position..<position + 2]
            position = end
            return
        }
        let start = position
        let kind = ScalarKind(text[start])
        if let end = contraction() {
            position = end
        } else {
            position += 1
            while kind.makesRuns, position < text.count, ScalarKind(text[position]) == kind { position += 1 }
        }
        if kind != .space { found = [start..<position] }
    }

    private static let specials = ["<|startoftext|>", "<|endoftext|>"].map { Array($0.unicodeScalars) }
    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map {
        Array($0.unicodeScalars)
    }

    private func special() -> Int? { text[position] == "<" ? end(ofFirst: Self.specials) : nil }

    private func contraction() -> Int? { text[position] == "'" ? end(ofFirst: Self.contractions) : nil }

    /// Where the first of `candidates` that stands here ends.
    private func end(ofFirst candidates: [[Unicode.Scalar]]) -> Int? {
        candidates.first { text[position...].starts(with: $0) }.map { position + $0.count }
    }
}

/// What the pattern asks of a character.
private enum ScalarKind: Equatable {
    case letter, number, space, other

    /// Numbers are words one by one.
    var makesRuns: Bool { self == .letter || self == .other }

    init(_ scalar: Unicode.Scalar) {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            self = Self.isKnown(properties) ? .letter : .other
        case .decimalNumber, .letterNumber, .otherNumber:
            self = Self.isKnown(properties) ? .number : .other
        default:
            self = properties.isWhitespace ? .space : .other
        }
    }

    /// The reference's regular expressions know Unicode 16; later characters are neither letters nor numbers to it.
    private static func isKnown(_ properties: Unicode.Scalar.Properties) -> Bool {
        (properties.age?.major ?? 0) <= 16
    }
}
