// SPDX-License-Identifier: MIT
import Foundation
import Testing

/// What tests look for in the HTML of a page.
struct PageReader {
    let html: String

    init(_ answer: HTTPAnswer) { html = answer.text }

    /// Identifiers of the cards, in their order.
    var cards: [String] { matches(#/<article class="card" id="e-([^"]+)"/#) }

    /// Identifiers of the visitors on cards.
    var visitors: Set<String> {
        Set(matches(#/<article class="card visitor">\s*<a class="picture" href="\/visitors\/([^"]+)"/#))
    }

    /// The address of the next page.
    var next: String? { matches(#/class="more" href="([^"]+)"/#).first.map(Self.decoded) }

    /// Addresses of everything that the page links to or loads.
    var addresses: [String] { matches(#/\s(?:href|src|action)="([^"]*)"/#).map(Self.decoded) }

    /// What the first group of an expression matches.
    func matches(_ expression: some RegexComponent<(Substring, Substring)>) -> [String] {
        html.matches(of: expression).map { String($0.output.1) }
    }

    /// Text without the escapes of attributes.
    static func decoded(_ text: String) -> String {
        // Literally: an accent after an escape is none of its letters.
        [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")].reduce(text) {
            $0.replacingOccurrences(of: $1.0, with: $1.1, options: .literal)
        }
    }
}
