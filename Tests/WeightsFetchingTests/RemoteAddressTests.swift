// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import WeightsFetching

@Suite("An address")
struct RemoteAddressTests {
    @Test(
        "is followed to where a redirect may lead, and no further",
        arguments: [
            ("https://a/x", "/y?z=1", "https://a/y?z=1"),
            ("https://a/b/x", "y", "https://a/b/y"),
            ("https://a/x", "https://b:8443/y", "https://b:8443/y"),
            ("https://a/x", "//b/y", "https://b/y"),
            ("http://a/x", "https://b/y", "https://b/y"),
            ("http://a/x", "http://b/y", "http://b/y"),
        ])
    func followed(from: String, location: String, target: String) throws {
        #expect(try RemoteAddress(from).redirected(to: location).url.absoluteString == target)
    }

    @Test("is not followed from encrypted to plain, and secrets stay out of the error")
    func downgrade() throws {
        let address = try RemoteAddress("https://user:secret@a/x?token=1")
        #expect(throws: WeightsFetchError.insecureRedirect(from: "https://a/x", to: "http://b/y")) {
            try address.redirected(to: "http://u:p@b/y?signature=2")
        }
        #expect(throws: WeightsFetchError.unsupportedRedirect(from: "https://a/x", scheme: "file")) {
            try address.redirected(to: "file:///etc/passwd")
        }
    }

    @Test(
        "gives a plain file name or none",
        arguments: [
            ("https://a/b/model.bin", "model.bin"), ("https://a/", nil), ("https://a", nil),
            ("https://a/b/..", nil),
            ("https://a/b%2Fc", nil), ("https://a/%2E%2E", nil), ("https://a/%00x", nil),
        ] as [(String, String?)])
    func fileName(_ text: String, name: String?) throws {
        #expect(try RemoteAddress(text).fileName == name)
    }

    @Test("of a neighbour lies in the same folder")
    func sibling() throws {
        let address = try RemoteAddress("https://a/b/model.bin?x=1").sibling(named: "merges.txt")
        #expect(address.url.absoluteString == "https://a/b/merges.txt")
    }
}
