// SPDX-License-Identifier: MIT
internal import Digests
internal import Foundation

/// 256 random bits as text that goes into a cookie or a key: 43 characters of base64url, RFC 4648 section 5.
struct SecretToken: Sendable, Equatable {
    private static let byteCount = 32
    private static let characterCount = 43

    let text: String

    /// A new one, from the random source of the system.
    init() {
        var source = SystemRandomNumberGenerator()
        let bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &source) }
        text = Self.base64URL(bytes)
    }

    /// The token that a client sent; nil for a text that none of ours can be.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.characterCount, text.utf8.allSatisfy(Self.isBase64URL) else {
            return nil
        }
        self.text = String(text)
    }

    /// What the database keeps in place of the token.
    ///
    /// A plain SHA-256 is enough: nobody can try out 256 random bits, so nothing has to make trying slow.
    var digest: [UInt8] { Self.digest(of: text) }

    /// What pages of this session send back with changes.
    ///
    /// Made from the token instead of being kept, so that it lives exactly as long: who does not know the cookie cannot
    /// compute it, and the cookie cannot be computed from it.
    var csrfToken: String {
        let code = HMACSHA256.code(for: Array("afterimage csrf token".utf8), key: Array(text.utf8))
        return Self.base64URL(code.bytes)
    }

    /// SHA-256 of a secret text.
    static func digest(of text: String) -> [UInt8] { SHA256.hash(text.utf8).bytes }

    /// Whether two secrets are the same, in a time that does not tell where they differ.
    static func matches(_ a: String, _ b: String) -> Bool {
        SHA256.hash(a.utf8) == SHA256.hash(b.utf8)
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}

extension SecretToken: CustomStringConvertible, CustomReflectable {
    /// Not the token.
    var description: String { "(secret)" }
    /// Without the token.
    var customMirror: Mirror { Mirror(self, children: []) }
}
