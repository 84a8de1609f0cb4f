// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import WeightsFetching

@Suite("Values of headers and variables")
struct HeaderValueTests {
    @Test(
        "a content range is read exactly or not at all",
        arguments: [
            ("bytes 5-9/10", 5...9, 10), ("BYTES 5-9/*", 5...9, nil), ("bytes */10", nil, 10),
            ("bytes 0-0/1", 0...0, 1),
        ] as [(String, ClosedRange<Int>?, Int?)])
    func contentRange(_ header: String, bytes: ClosedRange<Int>?, total: Int?) throws {
        let range = try #require(ContentRange(header))
        #expect(range.bytes == bytes)
        #expect(range.total == total)
    }

    @Test(
        "a malformed content range is none",
        arguments: [
            "", "bytes", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes -5/10", "bytes 5-/10",
            "bytes +5-9/10",
            "items 5-9/10", "bytes 5-9/10/11", "bytes 5-9/ten", "bytes 5-9/",
            "bytes 5-99999999999999999999/*",
            "bytes 5-9,11-12/20", "bytes  5 - 9 / 10",
        ])
    func malformedContentRange(_ header: String) {
        #expect(ContentRange(header) == nil)
    }

    @Test(
        "a wish to wait is seconds or a date",
        arguments: [
            ("0", 0), ("120", 120), (" 7 ", 7), ("Thu, 01 Jan 1970 00:01:30 GMT", 30),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("99999999999999999999", .max), ("-1", nil), ("soon", nil),
            ("", nil),
        ] as [(String, Int?)])
    func retryAfter(_ header: String, seconds: Int?) {
        #expect(RetryAfter.seconds(header, now: Date(timeIntervalSince1970: 60)) == seconds)
    }

    @Test("the delay doubles up to its limit, and the jitter takes at most half of it")
    func delays() {
        var policy = TransferPolicy()
        policy.jitter = { 0.999_999 }
        let longest = (1...9).map { policy.delay(afterFailures: $0) / .seconds(1) }
        for (delay, expected) in zip(longest, [0.5, 1, 2, 4, 8, 16, 30, 30, 30]) {
            #expect(abs(delay - expected) < 1e-4)
        }
        policy.jitter = { 0 }
        #expect(policy.delay(afterFailures: 3) == .seconds(1))
        #expect(policy.delay(afterFailures: .max) == .seconds(15))
    }

    @Test(
        "the proxy is the one that curl would take",
        arguments: [
            ([:], "https://h/x", nil),
            (["HTTPS_PROXY": "http://p:3128"], "https://h/x", .http(host: "p", port: 3128)),
            (["HTTPS_PROXY": "http://p:3128"], "http://h/x", nil),
            (["https_proxy": "a:1", "HTTPS_PROXY": "b:2"], "https://h/x", .http(host: "a", port: 1)),
            (["ALL_PROXY": "socks5://p"], "http://h/x", .socks(host: "p", port: 1080)),
            (["https_proxy": ""], "https://h/x", nil),
            (["https_proxy": "p", "no_proxy": "x, h.example"], "https://a.h.example/x", nil),
            (["https_proxy": "p", "no_proxy": ".h.example"], "https://h.example/x", nil),
            (
                ["https_proxy": "p", "no_proxy": "h.example"], "https://oh.example/x",
                .http(host: "p", port: 80)
            ),
            (["https_proxy": "p", "NO_PROXY": "*"], "https://h/x", nil),
            (
                ["https_proxy": "http://u:w@p:1"], "https://h/x",
                .http(host: "p", port: 1, user: "u", password: "w")
            ),
        ] as [([String: String], String, ProxySetting?)])
    func proxy(_ variables: [String: String], url: String, proxy: ProxySetting?) throws {
        #expect(try ProxyEnvironment(variables: variables).proxy(for: RemoteAddress(url)) == proxy)
    }

    @Test("a proxy that cannot be used is an error without its password")
    func unsupportedProxy() {
        #expect(throws: WeightsFetchError.proxyUnsupported(proxy: "p:1")) {
            try ProxyEnvironment(variables: ["https_proxy": "https://u:w@p:1"]).proxy(
                for: RemoteAddress("https://h/x"))
        }
    }
}
