// SPDX-License-Identifier: MIT

/// Canonical composition of text, NFC: letters and their accents as one character where there is one.
///
///     decompose every character → order runs of accents by class → compose again
///
/// Our own, because Foundation's on Linux orders accents by an older Unicode and takes quadratic time for long runs.
///
/// Source: Unicode Standard Annex 15; the algorithms of the standard's sections 3.11 and 3.12.
struct CanonicalComposition: Sendable {
    static let shared = CanonicalComposition()

    private let decompositions: [UInt32: [UInt32]]
    /// The composed character by its two parts, the first in the upper half.
    private let compositions: [UInt64: UInt32]

    private init() {
        var steps: [UInt32: [UInt32]] = [:]
        var compositions: [UInt64: UInt32] = [:]
        for entry in CanonicalDecompositions.table.utf8.split(separator: UInt8(ascii: ",")) {
            let isOneWay = entry.first == UInt8(ascii: "-")
            let codes = entry.drop { $0 == UInt8(ascii: "-") }.split(separator: UInt8(ascii: " ")).compactMap
            {
                UInt32(String(decoding: $0, as: UTF8.self), radix: 16)
            }
            steps[codes[0]] = Array(codes[1...])
            if !isOneWay { compositions[Self.pair(codes[1], codes[2])] = codes[0] }
        }
        self.compositions = compositions
        decompositions = steps.mapValues { step in
            var parts = step
            while let first = steps[parts[0]] { parts.replaceSubrange(0..<1, with: first) }
            return parts
        }
    }

    /// `text` in NFC.
    ///
    /// - Complexity: O(n log n) in the longest run of accents, else O(n).
    func callAsFunction(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        var codes = text.map(\.value)
        // No character before the first accent changes.
        if codes.allSatisfy({ $0 < 0x300 }) { return codes.compactMap(Unicode.Scalar.init) }
        codes = codes.flatMap(decomposed)
        var classes = codes.map(Self.combiningClass)
        Self.order(&codes, &classes)
        return compose(codes, classes).compactMap(Unicode.Scalar.init)
    }

    private func decomposed(_ code: UInt32) -> [UInt32] {
        if let syllable = Hangul.decomposed(code) { return syllable }
        return decompositions[code] ?? [code]
    }

    /// Sorts every run of characters that are no starters by their class, equal ones as they came.
    private static func order(_ codes: inout [UInt32], _ classes: inout [UInt8]) {
        var start = 0
        while start < codes.count {
            guard classes[start] != 0 else {
                start += 1
                continue
            }
            let end = classes[start...].firstIndex(of: 0) ?? codes.count
            let sorted = (start..<end).sorted { (classes[$0], $0) < (classes[$1], $1) }
            let (runCodes, runClasses) = (sorted.map { codes[$0] }, sorted.map { classes[$0] })
            codes.replaceSubrange(start..<end, with: runCodes)
            classes.replaceSubrange(start..<end, with: runClasses)
            start = end
        }
    }

    private func compose(_ codes: [UInt32], _ classes: [UInt8]) -> [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(codes.count)
        var starter: Int?
        // Class of the last character kept since the starter; nil while there is none.
        var kept: UInt8?
        for (code, ownClass) in zip(codes, classes) {
            if let place = starter, kept == nil || kept ?? 0 < ownClass,
                let composed = composition(result[place], code)
            {
                result[place] = composed
                continue
            }
            if ownClass == 0 {
                starter = result.count
                kept = nil
            } else {
                kept = ownClass
            }
            result.append(code)
        }
        return result
    }

    private func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
        Hangul.composed(first, second) ?? compositions[Self.pair(first, second)]
    }

    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }

    private static func combiningClass(_ code: UInt32) -> UInt8 {
        guard code >= 0x300, let scalar = Unicode.Scalar(code) else { return 0 }
        return scalar.properties.canonicalCombiningClass.rawValue
    }
}

/// Syllables of Hangul, whose parts follow from their code.
private enum Hangul {
    private static let syllables: UInt32 = 0xAC00
    private static let (leads, vowels, tails): (UInt32, UInt32, UInt32) = (0x1100, 0x1161, 0x11A7)
    private static let (leadCount, vowelCount, tailCount): (UInt32, UInt32, UInt32) = (19, 21, 28)

    static func decomposed(_ code: UInt32) -> [UInt32]? {
        guard code >= syllables, code - syllables < leadCount * vowelCount * tailCount else { return nil }
        let index = code - syllables
        let lead = leads + index / (vowelCount * tailCount)
        let vowel = vowels + index / tailCount % vowelCount
        return index % tailCount == 0 ? [lead, vowel] : [lead, vowel, tails + index % tailCount]
    }

    static func composed(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if first >= leads, first - leads < leadCount, second >= vowels, second - vowels < vowelCount {
            return syllables + ((first - leads) * vowelCount + second - vowels) * tailCount
        }
        guard first >= syllables, first - syllables < leadCount * vowelCount * tailCount,
            (first - syllables) % tailCount == 0, second > tails, second - tails < tailCount
        else { return nil }
        return first + second - tails
    }
}
