// SPDX-License-Identifier: MIT
import Testing

@testable import WeightsFetching

/// One row of the table of hostile servers: what the server does, and all that must come of it.
struct HostileCase: Sendable, CustomTestStringConvertible {
    enum Expected: Sendable {
        case success
        case failure(@Sendable (_ url: String, _ found: ContentHash) -> WeightsFetchError)
    }

    let name: String
    let script: [Answer]
    /// False where the manifest states no length.
    var knowsLength = true
    /// Length that the manifest states, if another than the true one.
    var statedLength: Int?
    /// Short in the rows of servers that stall.
    var stallTimeout: Duration = .seconds(60)
    let expected: Expected
    /// `Range` of each request, in order; so also the number of requests.
    let ranges: [String?]
    /// Body bytes that the server sent in all; nil where a stopped transfer makes it open.
    var sent: Int?
    /// Files left behind.
    var left: [String] = ["model.bin"]

    var testDescription: String { name }

    static let partial = ["model.bin.partial", "model.bin.validator.partial"]

    static let size = 300_000
    static let content = patternlessBytes(size)
    static let hash = contentHash(content)

    static func failing(_ error: @escaping @Sendable (String) -> WeightsFetchError) -> Expected {
        .failure { url, _ in error(url) }
    }

    static let all = transfers + ranges + lengths + redirects + statuses

    static let transfers: [HostileCase] = [
        HostileCase(
            name: "serves the whole file", script: [.whole], expected: .success, ranges: [nil], sent: size),
        HostileCase(
            name: "truncates once", script: [Answer(.closing(after: 100_000)), .whole], expected: .success,
            ranges: [nil, "bytes=100000-"], sent: size),
        HostileCase(
            name: "drops the connection four times, each time after some progress",
            script: Array(repeating: Answer(.closing(after: 60_000)), count: 4) + [.whole],
            expected: .success,
            ranges: [nil, "bytes=60000-", "bytes=120000-", "bytes=180000-", "bytes=240000-"], sent: size),
        HostileCase(
            name: "drops the connection before any byte of the body",
            script: [Answer(.closing(after: 0)), .whole], expected: .success, ranges: [nil, nil], sent: size),
        HostileCase(
            name: "resets the connection", script: [Answer(.resetting(after: 0)), .whole], expected: .success,
            ranges: [nil, nil], sent: size),
        HostileCase(
            name: "never gets further",
            script: [Answer(.closing(after: 100_000)), Answer(.closing(after: 0))],
            expected: failing {
                .brokenTransfer(
                    url: $0, attempts: 3, received: 100_000, reason: "the connection closed early")
            },
            ranges: [nil] + Array(repeating: "bytes=100000-", count: 2), sent: 100_000, left: partial),
        HostileCase(
            name: "corrupts a byte", script: [Answer(.corrupting(at: 1234))],
            expected: .failure { .checksumMismatch(url: $0, expected: hash, found: $1) },
            ranges: [nil], sent: size, left: []),
        HostileCase(
            name: "corrupts a byte of the second part, then behaves",
            script: [Answer(.closing(after: 100_000)), Answer(.corrupting(at: 200_000)), .whole],
            expected: .success, ranges: [nil, "bytes=100000-", nil], sent: 2 * size),
        HostileCase(
            name: "corrupts a byte of every part",
            script: [Answer(.closing(after: 100_000)), Answer(.corrupting(at: 200_000))],
            expected: .failure { .checksumMismatch(url: $0, expected: hash, found: $1) },
            ranges: [nil, "bytes=100000-", nil], sent: 2 * size, left: []),
        HostileCase(
            name: "stalls within the body", script: [Answer(.stalling(after: 100_000)), .whole],
            stallTimeout: .milliseconds(400), expected: .success, ranges: [nil, "bytes=100000-"], sent: size),
        HostileCase(
            name: "never answers", script: [Answer(.silent)],
            stallTimeout: .milliseconds(400),
            expected: failing { _ in
                .unreachable(host: "127.0.0.1", attempts: 3, reason: "the server stalled")
            },
            ranges: [nil, nil, nil], sent: 0, left: []),
        HostileCase(
            name: "does not speak HTTP, then does", script: [Answer(.garbage), .whole], expected: .success,
            ranges: [nil, nil], sent: size),
    ]

    static let ranges: [HostileCase] = [
        HostileCase(
            name: "ignores ranges", script: [Answer(.closing(after: 100_000)), Answer(.ignoringRange)],
            expected: .success, ranges: [nil, "bytes=100000-"], sent: 100_000 + size),
        HostileCase(
            name: "changes the content between the parts",
            script: [Answer(.closing(after: 100_000), entityTag: "\"old\""), .whole],
            expected: .success, ranges: [nil, "bytes=100000-"], sent: 100_000 + size),
        HostileCase(
            name: "sends a range of content with another entity tag",
            script: [
                Answer(.closing(after: 100_000), entityTag: "W/\"old\""),
                Answer(.whole, entityTag: "W/\"new\""),
            ],
            expected: .success, ranges: [nil, "bytes=100000-", nil], sent: nil),
        HostileCase(
            name: "sends a range that begins elsewhere",
            script: [
                Answer(.closing(after: 100_000)), Answer(.contentRange("bytes 99999-299999/300000")), .whole,
            ],
            expected: .success, ranges: [nil, "bytes=100000-", nil]),
        HostileCase(
            name: "sends a range and does not say which",
            script: [Answer(.closing(after: 100_000)), Answer(.contentRange(nil)), .whole],
            expected: .success, ranges: [nil, "bytes=100000-", nil]),
        HostileCase(
            name: "sends a range of a longer file",
            script: [Answer(.closing(after: 100_000)), Answer(.contentRange("bytes 100000-299999/300001"))],
            expected: failing { .wrongByteCount(url: $0, expected: size, found: 300_001) },
            ranges: [nil, "bytes=100000-"], left: partial),
        HostileCase(
            name: "sends more than the range that it declares",
            script: [Answer(.closing(after: 100_000)), Answer(.contentRange("bytes 100000-100009/300000"))],
            expected: failing { .tooLarge(url: $0, limit: 100_010) },
            ranges: [nil, "bytes=100000-"], left: []),
        HostileCase(
            name: "refuses the range, then sends all",
            script: [Answer(.closing(after: 100_000)), Answer(.rangeRefused(total: nil)), .whole],
            expected: .success, ranges: [nil, "bytes=100000-", nil], sent: 100_000 + size),
        HostileCase(
            name: "refuses the range of a shorter file",
            script: [Answer(.closing(after: 100_000)), Answer(.rangeRefused(total: 100_000))],
            expected: failing { .wrongByteCount(url: $0, expected: size, found: 100_000) },
            ranges: [nil, "bytes=100000-"], left: partial),
        HostileCase(
            name: "answers 206 to a request without a range",
            script: [Answer(.contentRange("bytes 0-299999/300000"))],
            expected: failing { .httpStatus(url: $0, status: 206) }, ranges: [nil],
            left: []),
        HostileCase(
            name: "answers 416 to a request without a range", script: [Answer(.rangeRefused(total: size))],
            expected: failing { .httpStatus(url: $0, status: 416) }, ranges: [nil],
            left: []),
    ]

    static let lengths: [HostileCase] = [
        HostileCase(
            name: "sends chunks without a length", script: [Answer(.chunked(count: size, isEnded: true))],
            expected: .success, ranges: [nil], sent: size),
        HostileCase(
            name: "sends chunks, of a length that nobody knows",
            script: [Answer(.chunked(count: size, isEnded: true))], knowsLength: false,
            expected: .success, ranges: [nil], sent: size),
        HostileCase(
            name: "breaks off within chunks, of a length that nobody knows",
            script: [Answer(.chunked(count: 100_000, isEnded: false)), .whole], knowsLength: false,
            expected: .success, ranges: [nil, "bytes=100000-"], sent: size),
        HostileCase(
            name: "breaks off after the last byte but before the last chunk",
            script: [Answer(.chunked(count: size, isEnded: false)), Answer(.rangeRefused(total: size))],
            knowsLength: false, expected: .success, ranges: [nil, "bytes=300000-"], sent: size),
        HostileCase(
            name: "ends the chunks early", script: [Answer(.chunked(count: 100_000, isEnded: true)), .whole],
            expected: .success, ranges: [nil, "bytes=100000-"], sent: size),
        HostileCase(
            name: "ends the chunks early, of a length that nobody knows",
            script: [Answer(.chunked(count: 100_000, isEnded: true))], knowsLength: false,
            expected: .failure { .checksumMismatch(url: $0, expected: hash, found: $1) },
            ranges: [nil], sent: 100_000, left: []),
        HostileCase(
            name: "ends a body without length by closing, early",
            script: [Answer(.untilClose(count: 100_000)), .whole], expected: .success,
            ranges: [nil, "bytes=100000-"], sent: size),
        HostileCase(
            name: "declares more than the manifest", script: [Answer(.declaringMore(1))],
            expected: failing { .wrongByteCount(url: $0, expected: size, found: size + 1) }, ranges: [nil],
            left: []),
        HostileCase(
            name: "declares less than the manifest", script: [.whole], statedLength: size + 1,
            expected: failing { .wrongByteCount(url: $0, expected: size + 1, found: size) }, ranges: [nil],
            left: []),
        HostileCase(
            name: "sends more than the manifest states, in chunks", script: [Answer(.chunkedMore(1))],
            expected: failing { .tooLarge(url: $0, limit: size) }, ranges: [nil], left: []),
        HostileCase(
            name: "sends without end, of a length that nobody knows",
            script: [Answer(.chunkedMore(1_000_000))],
            knowsLength: false, expected: failing { .tooLarge(url: $0, limit: 1_000_000) }, ranges: [nil],
            left: []),
        HostileCase(
            name: "declares a length beyond all limits", script: [Answer(.declaringMore(1_000_000))],
            knowsLength: false, expected: failing { .tooLarge(url: $0, limit: 1_000_000) }, ranges: [nil],
            left: []),
    ]

    static let redirects: [HostileCase] = [
        HostileCase(
            name: "redirects to a relative address", script: [.redirect(to: "/other.bin"), .whole],
            expected: .success, ranges: [nil, nil], sent: size),
        HostileCase(
            name: "redirects to itself for ever", script: [.redirect(301, to: "/model.bin")],
            expected: failing { .tooManyRedirects(url: $0, limit: 5) },
            ranges: Array(repeating: nil, count: 6),
            left: []),
        HostileCase(
            name: "redirects to a file", script: [.redirect(to: "file:///etc/passwd")],
            expected: failing { .unsupportedRedirect(from: $0, scheme: "file") }, ranges: [nil],
            left: []),
        HostileCase(
            name: "redirects to another protocol", script: [.redirect(307, to: "gopher://127.0.0.1:70/")],
            expected: failing { .unsupportedRedirect(from: $0, scheme: "gopher") }, ranges: [nil],
            left: []),
        HostileCase(
            name: "redirects nowhere", script: [Answer(.status(302))],
            expected: failing { .redirectWithoutLocation(url: $0) }, ranges: [nil],
            left: []),
        HostileCase(
            name: "breaks off, then redirects: the range goes along",
            script: [Answer(.closing(after: 100_000)), .redirect(308, to: "/b?token=1"), .whole],
            expected: .success, ranges: [nil, "bytes=100000-", "bytes=100000-"], sent: size),
    ]

    static let statuses: [HostileCase] =
        [401, 403, 404, 410, 304].map { status in
            HostileCase(
                name: "answers \(status)", script: [Answer(.status(status))],
                expected: failing { .httpStatus(url: $0, status: status) }, ranges: [nil],
                left: [])
        }
        + [408, 429, 500, 502, 503, 504].map { status in
            HostileCase(
                name: "answers \(status) once", script: [Answer(.status(status)), .whole], expected: .success,
                ranges: [nil, nil], sent: size)
        } + [
            HostileCase(
                name: "answers 500 always", script: [Answer(.status(500))],
                expected: failing { .httpStatus(url: $0, status: 500) }, ranges: [nil, nil, nil],
                left: []),
            HostileCase(
                name: "answers 503 within a resumed transfer",
                script: [Answer(.closing(after: 100_000)), Answer(.status(503)), .whole], expected: .success,
                ranges: [nil, "bytes=100000-", "bytes=100000-"], sent: size),
            HostileCase(
                name: "asks for an hour", script: [Answer(.status(503, [("Retry-After", "3600")]))],
                expected: failing { .retryTooLate(url: $0, seconds: 3600, limit: 120) }, ranges: [nil],
                left: []),
        ]
}
