// SPDX-License-Identifier: MIT
internal import Hummingbird

/// The fields of a form that a page sent.
struct PageForm: Sendable {
    private let fields: [(name: String, value: String)]

    /// Reads `application/x-www-form-urlencoded`.
    init(_ bytes: [UInt8]) {
        fields = bytes.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
    }

    /// The last value of a field, without spaces around it; nil when absent or empty.
    subscript(name: String) -> String? {
        guard let value = fields.last(where: { $0.name == name })?.value else { return nil }
        let trimmed = value.drop(while: \.isWhitespace)
        guard let end = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(trimmed[...end])
    }

    /// Whether the form has the field, empty or not.
    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// All values of a field that may be there more than once.
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Where to go afterwards: a path of this server that the form names, or else `fallback`.
    func destination(or fallback: String) -> String {
        guard let back = self["back"], back.hasPrefix("/"), !back.hasPrefix("//"),
            back.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return fallback }
        return back
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }, as: UTF8.self)
        return PercentEncoding.decoded(text)
    }
}

extension PageSite {
    /// The form that a request carries.
    func form(of request: Request) async throws(Problem) -> PageForm {
        PageForm(try await bodies.bytes(of: request))
    }
}
