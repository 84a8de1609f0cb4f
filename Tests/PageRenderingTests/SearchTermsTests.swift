// SPDX-License-Identifier: MIT
import TestSupport
import Testing

@testable import EventServer

@Suite("Terms of the search box")
struct SearchTermsTests {
    @Test(
        "are read from what is typed",
        arguments: [
            ("", "", []), ("red car", "red car", []), ("  red   car ", "red car", []),
            ("camera:front", "", ["camera=front"]), ("Camera:front", "", ["camera=front"]),
            ("red camera:\"front door\" car", "red car", ["camera=front door"]),
            ("camera:a camera:b", "", ["camera=b"]), ("hours:06:30-08:15", "", ["hours=06:30-08:15"]),
            ("wood: http://x camera:", "wood: http://x camera:", []), ("\"\u{301}a b\"", "\u{301}a b", []),
            ("\"camera:front\"", "camera:front", []),
            ("camera:\"open", "", ["camera=open"]),
            ("label:person day:2026-05-14", "", ["label=person", "day=2026-05-14"]),
        ] as [(String, String, [String])])
    func reading(text: String, words: String, expected: [String]) {
        let terms = SearchTerms(text)
        #expect(terms.words == words)
        #expect(terms.terms.map { "\($0.key.rawValue)=\($0.value)" } == expected)
    }

    @Test("survive being written and read again, whatever is in them")
    func roundTrip() {
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "red", "camera:", "front", "\"", " ", ":", "label:", "ü", "a b", "hours:22-05", "\u{301}",
            "like:",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...8, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let once = SearchTerms(text)
            let again = SearchTerms(once.text)
            #expect(again == once, "seed \(seed): \(text)")
        }
    }

    @Test("lose and change one value and keep the others")
    func changing() {
        let terms = SearchTerms("camera:front label:person van")
        #expect(terms.with(.camera, nil).text == "label:person van")
        #expect(terms.with(.label, "vehicle").text == "camera:front label:vehicle van")
        #expect(terms.withoutWords.text == "camera:front label:person")
        #expect(terms.asksForLikeness && !terms.withoutWords.asksForLikeness)
    }
}
