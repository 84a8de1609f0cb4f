// SPDX-License-Identifier: MIT
import Digests
import Foundation
import Testing

@Suite("SHA-256 and HMAC")
struct SHA256Tests {
    /// FIPS 180-4 examples, as NIST publishes them.
    @Test(
        "are the published values",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func published(text: String, digest: String) {
        #expect(SHA256.hash(text.utf8).hexadecimal == digest)
        #expect(SHA256.hash(Data(text.utf8)).hexadecimal == digest)
        #expect(SHA256.hash(AnySequence(text.utf8)).hexadecimal == digest)
    }

    @Test("do not depend on the pieces that bytes come in, nor on how they are stored")
    func pieces() {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let whole = SHA256.hash(bytes)
        for length in [1, 7, 63, 64, 65, 4096] {
            var hash = SHA256(), spans = SHA256()
            for start in stride(from: 0, to: bytes.count, by: length) {
                let piece = bytes[start..<min(start + length, bytes.count)]
                hash.update(piece)
                spans.update(Array(piece).span)
                _ = hash.finalize()
            }
            #expect(hash.finalize() == whole, "pieces of \(length)")
            #expect(spans.finalize() == whole, "spans of \(length)")
        }
        var copy = SHA256()
        copy.update(bytes)
        var other = copy
        other.update([0])
        #expect(copy.finalize() == whole)
        #expect(other.finalize() != whole)
    }

    /// RFC 4231, test cases 2 and 6.
    @Test("make the codes of RFC 4231")
    func codes() {
        #expect(
            HMACSHA256.code(for: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
                .hexadecimal == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            HMACSHA256.code(
                for: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                key: [UInt8](repeating: 0xAA, count: 131)
            ).hexadecimal == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("are written in full or in part, and compared in full")
    func text() {
        let digest = SHA256.hash("abc".utf8)
        #expect(digest.hexadecimal(prefix: 3) == "ba7816")
        #expect(digest == SHA256.hash("abc".utf8))
        #expect(digest != SHA256.hash("abd".utf8))
    }
}
