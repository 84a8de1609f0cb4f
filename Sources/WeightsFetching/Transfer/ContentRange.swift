// SPDX-License-Identifier: MIT

/// The value of a `Content-Range` header: `bytes 5-9/10`, `bytes 5-9/*` or `bytes */10`.
///
/// Source: RFC 9110, section 14.4.
struct ContentRange: Equatable, Sendable {
    /// Positions of the bytes sent; nil in an answer to a range that cannot be served.
    let bytes: ClosedRange<Int>?
    /// Length of the whole content; nil where the server does not say.
    let total: Int?

    /// Reads a header; nil for anything that is not exactly of that form.
    init?(_ header: String) {
        let words = header.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let total = parts[1] == "*" ? nil : Self.number(parts[1])
        guard total != nil || parts[1] == "*" else { return nil }
        self.total = total
        if parts[0] == "*" {
            bytes = nil
            return
        }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
            first <= last,
            last < total ?? .max
        else { return nil }
        bytes = first...last
    }

    private static func number(_ text: Substring) -> Int? {
        // Int(_:) alone would also take a sign.
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
