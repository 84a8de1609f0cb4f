// SPDX-License-Identifier: MIT

/// A path with names in braces for its variable parts.
struct PathTemplate: Sendable, Hashable {
    let segments: [Substring]

    init(_ path: String) {
        segments = path.split(separator: "/")
    }

    /// Names of the variable parts, in their order.
    var parameters: [String] {
        segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// How many segments are the same in `path`; nil when `path` is not of this form.
    func literalMatches(of path: String) -> Int? {
        let parts = path.split(separator: "/")
        guard parts.count == segments.count else { return nil }
        var literal = 0
        for (part, segment) in zip(parts, segments) where !segment.hasPrefix("{") {
            guard part == segment else { return nil }
            literal += 1
        }
        return literal
    }
}
