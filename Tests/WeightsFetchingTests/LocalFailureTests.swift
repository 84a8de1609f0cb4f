// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

@testable import WeightsFetching

@Suite("Failures of this machine and of the way", .serialized, .timeLimit(.minutes(1)))
struct LocalFailureTests {
    private let content = HostileCase.content
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func order(_ url: String) throws -> DownloadOrder {
        try DownloadOrder(
            address: RemoteAddress(url), acceptedHashes: [HostileCase.hash], byteCount: content.count,
            destination: folder.file("model.bin"))
    }

    private func run(_ order: DownloadOrder, environment: [String: String] = [:]) async throws
        -> DownloadedFile
    {
        try await WeightsDownload(policy: impatientPolicy(), environment: environment).run(order)
    }

    @Test("a full disk is said to be full")
    func diskFull() async throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("model.bin.partial").string, withDestinationPath: "/dev/full")
        let server = try await HostileServer.start(serving: content, script: [.whole])
        await #expect(throws: WeightsFetchError.diskFull(path: folder.file("model.bin.partial").string)) {
            try await run(order(server.url))
        }
        #expect(server.seen.requests.count == 1)
        try await server.stop()
    }

    @Test("two downloads never write the same file")
    func alreadyRunning() async throws {
        let server = try await HostileServer.start(serving: content, script: [.whole])
        let order = try order(server.url)
        let held = try PartialFile(locking: order.partial)
        await #expect(throws: WeightsFetchError.alreadyRunning(path: order.partial.string)) {
            try await run(order)
        }
        #expect(held.byteCount == 0)
        #expect(server.seen.requests.isEmpty)
        try await server.stop()
    }

    @Test("a folder that is not there is an error of the file")
    func noFolder() async throws {
        let order = try DownloadOrder(
            address: RemoteAddress("http://127.0.0.1:1/a"), acceptedHashes: [HostileCase.hash],
            destination: folder.file("missing/model.bin"))
        await #expect(
            throws: WeightsFetchError.fileFailure(
                path: order.partial.string, reason: Errno.noSuchFileOrDirectory.description)
        ) { try await run(order) }
    }

    @Test("a closed port is told with the manual way")
    func unreachable() async throws {
        // The port was free a moment ago and is of no server now.
        let server = try await HostileServer.start(serving: content, script: [.whole])
        let url = server.url
        try await server.stop()
        let error = await #expect(throws: WeightsFetchError.self) { try await run(order(url)) }
        #expect(
            error == .unreachable(host: "127.0.0.1", attempts: 3, reason: "connection refused"))
        #expect(error?.description.contains("afterimage weights convert") == true)
        #expect(folder.names == [])
    }

    @Test("a host name that is not known is told as such")
    func unknownHost() async throws {
        let error = await #expect(throws: WeightsFetchError.self) {
            try await run(order("https://weights.invalid/model.bin"))
        }
        #expect(
            error == .unreachable(host: "weights.invalid", attempts: 3, reason: "the host name is not known"))
    }

    @Test("goes through the proxy that the environment names")
    func proxy() async throws {
        let server = try await HostileServer.start(serving: content, script: [Answer(.status(407))])
        let order = try order("https://weights.invalid/model.bin")
        let error = await #expect(throws: WeightsFetchError.self) {
            try await run(order, environment: ["https_proxy": "127.0.0.1:\(server.port)"])
        }
        #expect(
            error
                == .unreachable(
                    host: "weights.invalid", attempts: 3, reason: "proxy authentication required"))
        // The proxy is asked for a tunnel; the name is never looked up here.
        #expect(server.seen.requests.map(\.uri) == Array(repeating: "weights.invalid:443", count: 3))
        try await server.stop()
    }

    @Test("user and password of an address are sent as such, and not to the target of a redirect")
    func password() async throws {
        let target = try await HostileServer.start(serving: content, script: [.whole])
        let server = try await HostileServer.start(serving: content, script: [.redirect(to: target.url)])
        _ = try await run(order("http://me:p%40ss@127.0.0.1:\(server.port)/model.bin"))
        #expect(
            server.seen.requests.map(\.authorization) == [
                "Basic " + Data("me:p@ss".utf8).base64EncodedString()
            ])
        #expect(target.seen.requests.map(\.authorization) == [nil])
        try await server.stop()
        try await target.stop()
    }

    @Test("waits as long as the server asks, and longer from failure to failure")
    func delays() async throws {
        let script = [
            Answer(.status(503, [("Retry-After", "7")])), Answer(.status(500)),
            Answer(.closing(after: 60_000)),
            Answer(.status(429, [("Retry-After", "nonsense")])), .whole,
        ]
        let server = try await HostileServer.start(serving: content, script: script)
        let delays = Collected<Duration>()
        var policy = impatientPolicy(noting: delays)
        policy.failureLimit = 4
        _ = try await WeightsDownload(policy: policy, environment: [:]).run(order(server.url))
        // Jitter 0 halves the doubled delay. The third attempt made progress, so its row begins anew.
        #expect(delays.all == [.seconds(7), .milliseconds(500), .milliseconds(250), .milliseconds(500)])
        try await server.stop()
    }
}
