// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

@testable import WeightsFetching

@Suite("Continuing what an earlier run left", .serialized, .timeLimit(.minutes(1)))
struct ResumeTests {
    private let content = HostileCase.content
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func order(_ url: String, accepting hashes: [ContentHash]? = nil) throws -> DownloadOrder {
        try DownloadOrder(
            address: RemoteAddress(url), acceptedHashes: hashes ?? [HostileCase.hash],
            byteCount: hashes == nil ? content.count : nil, destination: folder.file("model.bin"))
    }

    private func run(_ order: DownloadOrder) async throws -> DownloadedFile {
        try await WeightsDownload(policy: impatientPolicy(), environment: [:]).run(order)
    }

    /// Lets a run fail after so many bytes.
    private func leave(
        _ count: Int, tag: String? = "\"one\"", date: String? = nil, accepting hashes: [ContentHash]? = nil
    ) async throws {
        let script = [
            Answer(.closing(after: count), entityTag: tag, lastModified: date), Answer(.status(404)),
        ]
        let server = try await HostileServer.start(serving: content, script: script)
        await #expect(throws: WeightsFetchError.self) { try await run(order(server.url, accepting: hashes)) }
        // How much of the last bytes before the close still arrives depends on who is faster. What is left is a
        // beginning of the content, and the tests need one of a known length.
        let left = folder.bytes("model.bin.partial") ?? []
        #expect(!left.isEmpty && left.count <= count && content.starts(with: left))
        try folder.write(Array(content.prefix(count)), to: "model.bin.partial")
        try await server.stop()
    }

    /// Makes the left validator one of `url`.
    private func readdress(to url: String) throws {
        let order = try order(url)
        let file = URL(fileURLWithPath: order.validatorFile.string)
        var validator = try JSONDecoder().decode(ResumeValidator.self, from: Data(contentsOf: file))
        validator.url = order.address.redacted
        try validator.save(for: order)
    }

    @Test(
        "asks under the condition that the content is the same",
        arguments: [
            ("\"one\"", nil, "\"one\""),
            ("\"one\"", "Mon, 02 Jan 2023 00:00:00 GMT", "\"one\""),
            (nil, "Mon, 02 Jan 2023 00:00:00 GMT", "Mon, 02 Jan 2023 00:00:00 GMT"),
            ("W/\"weak\"", "Mon, 02 Jan 2023 00:00:00 GMT", nil),
            (nil, nil, nil),
        ] as [(String?, String?, String?)])
    func conditional(tag: String?, date: String?, condition: String?) async throws {
        try await leave(120_000, tag: tag, date: date)
        let answer = Answer(.whole, entityTag: tag, lastModified: date)
        let server = try await HostileServer.start(serving: content, script: [answer])
        try readdress(to: server.url)
        let file = try await run(order(server.url))
        #expect(file.isTransferred)
        #expect(folder.bytes("model.bin") == content)
        #expect(server.seen.requests.map(\.range) == ["bytes=120000-"])
        #expect(server.seen.requests.map(\.ifRange) == [condition])
        #expect(server.seen.bodyByteCount == content.count - 120_000)
        #expect(folder.names == ["model.bin"])
        try await server.stop()
    }

    @Test("goes on at another mirror of the one content, without conditions")
    func otherMirror() async throws {
        try await leave(120_000)
        let server = try await HostileServer.start(
            serving: content, script: [Answer(.whole, entityTag: "\"b\"")])
        _ = try await run(order(server.url))
        #expect(server.seen.requests.map(\.range) == ["bytes=120000-"])
        #expect(server.seen.requests.map(\.ifRange) == [nil])
        try await server.stop()
    }

    @Test("begins anew at another mirror where several contents would do")
    func otherMirrorOfSeveral() async throws {
        let hashes = [HostileCase.hash, contentHash([1])]
        try await leave(120_000, accepting: hashes)
        let server = try await HostileServer.start(serving: content, script: [.whole])
        _ = try await run(order(server.url, accepting: hashes))
        #expect(server.seen.requests.map(\.range) == [nil])
        try await server.stop()
    }

    @Test("begins anew without a validator, with a broken one, or with too many bytes", arguments: [0, 1, 2])
    func unusable(_ kind: Int) async throws {
        try await leave(120_000)
        let server = try await HostileServer.start(serving: content, script: [.whole])
        switch kind {
        case 0: try FileManager.default.removeItem(atPath: order(server.url).validatorFile.string)
        case 1: try folder.write(Array("{".utf8), to: "model.bin.validator.partial")
        default: try folder.write(content + [0], to: "model.bin.partial")
        }
        _ = try await run(order(server.url))
        #expect(server.seen.requests.map(\.range) == [nil])
        #expect(folder.bytes("model.bin") == content)
        try await server.stop()
    }

    @Test("fetches once more in one piece when the left bytes are damaged")
    func damaged() async throws {
        try await leave(120_000)
        try folder.write([UInt8](repeating: 0, count: 120_000), to: "model.bin.partial")
        let server = try await HostileServer.start(serving: content, script: [.whole])
        _ = try await run(order(server.url))
        #expect(server.seen.requests.map(\.range) == ["bytes=120000-", nil])
        #expect(folder.bytes("model.bin") == content)
        try await server.stop()
    }

    @Test("asks for nothing when all bytes are there already")
    func complete() async throws {
        try await leave(120_000)
        try folder.write(content, to: "model.bin.partial")
        let server = try await HostileServer.start(serving: content, script: [.whole])
        _ = try await run(order(server.url))
        #expect(server.seen.requests.isEmpty)
        #expect(folder.names == ["model.bin"])
        try await server.stop()
    }

    @Test("asks for nothing when the finished file is there, and never overwrites another one")
    func finished() async throws {
        let server = try await HostileServer.start(serving: content, script: [.whole])
        try folder.write(content, to: "model.bin")
        #expect(try await run(order(server.url)).isTransferred == false)
        try folder.write([1, 2, 3], to: "model.bin")
        await #expect(throws: WeightsFetchError.destinationExists(path: folder.file("model.bin").string)) {
            try await run(order(server.url))
        }
        #expect(folder.bytes("model.bin") == [1, 2, 3])
        #expect(server.seen.requests.isEmpty)
        try await server.stop()
    }

    @Test("leaves the partial file when it is cancelled, and continues it")
    func cancelled() async throws {
        let server = try await HostileServer.start(
            serving: content, script: [Answer(.stalling(after: 100_000)), .whole])
        let order = try order(server.url)
        var policy = impatientPolicy()
        policy.stallTimeout = .seconds(20)
        let download = WeightsDownload(policy: policy, environment: [:])
        let received = Collected<Int>()
        let task = Task {
            try await download.run(order) {
                if case .progress(let count, _) = $0 { received.append(count) }
            }
        }
        while received.all.last != 100_000 { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: WeightsFetchError.cancelled) { try await task.value }
        #expect(folder.names == HostileCase.partial)
        _ = try await run(order)
        #expect(server.seen.requests.map(\.range) == [nil, "bytes=100000-"])
        #expect(folder.bytes("model.bin") == content)
        try await server.stop()
    }

    @Test("is cancelled while it waits for the next attempt")
    func cancelledWaiting() async throws {
        let server = try await HostileServer.start(serving: content, script: [Answer(.status(503))])
        let order = try order(server.url)
        var policy = impatientPolicy()
        let waiting = Collected<Duration>()
        policy.sleep = {
            waiting.append($0)
            try await Task.sleep(for: .seconds(60))
        }
        let download = WeightsDownload(policy: policy, environment: [:])
        let task = Task { try await download.run(order) }
        while waiting.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: WeightsFetchError.cancelled) { try await task.value }
        try await server.stop()
    }
}
