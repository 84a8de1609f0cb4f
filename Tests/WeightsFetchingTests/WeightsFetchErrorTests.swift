// SPDX-License-Identifier: MIT
import Testing

@testable import WeightsFetching

@Suite("An error")
struct WeightsFetchErrorTests {
    private static let hash = contentHash([])

    private static let all: [WeightsFetchError] = [
        .unknownSource(name: "n", known: ["a", "b"]), .localSource(path: "/p"), .malformedURL(text: "t"),
        .unsupportedScheme(url: "u"), .malformedChecksum(text: "t"),
        .noKnownChecksum(url: "u", isEncrypted: true),
        .manifestUnreadable(path: "/p", reason: "r"), .proxyUnsupported(proxy: "p"),
        .unreachable(host: "h", attempts: 3, reason: "r"), .certificateRefused(host: "h"),
        .httpStatus(url: "u", status: 404), .retryTooLate(url: "u", seconds: 9, limit: 8),
        .brokenTransfer(url: "u", attempts: 3, received: 5, reason: "r"),
        .tooManyRedirects(url: "u", limit: 5),
        .redirectWithoutLocation(url: "u"), .insecureRedirect(from: "f", to: "t"),
        .unsupportedRedirect(from: "f", scheme: "s"), .wrongByteCount(url: "u", expected: 1, found: 2),
        .tooLarge(url: "u", limit: 1), .checksumMismatch(url: "u", expected: hash, found: hash),
        .unrecognizedContent(url: "u", found: hash), .destinationExists(path: "/p"),
        .alreadyRunning(path: "/p"),
        .diskFull(path: "/p"), .fileFailure(path: "/p", reason: "r"), .cancelled,
    ]

    @Test("has a code of its own and a sentence", arguments: all)
    func sentence(_ error: WeightsFetchError) {
        #expect(Self.all.filter { $0.code == error.code } == [error])
        #expect(error.code.allSatisfy { $0.isLowercase || $0 == "_" })
        #expect(error.description.hasSuffix("."))
        #expect(error.description.contains(" "))
    }

    @Test("of a plain address says why plain is not enough")
    func plain() {
        let sentence = WeightsFetchError.noKnownChecksum(url: "http://m/x", isEncrypted: false).description
        #expect(sentence.contains("not encrypted") && sentence.contains("--sha256"))
    }
}
