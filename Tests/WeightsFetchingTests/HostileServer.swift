// SPDX-License-Identifier: MIT
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a loopback port that answers each request as a script says, well or badly.
///
/// Responses are written byte by byte as text, not through an encoder that would mend them.
final class HostileServer: Sendable {
    /// What one request said.
    struct Request: Equatable, Sendable {
        let uri: String
        let range: String?
        let ifRange: String?
        let authorization: String?
    }

    /// All requests in order, and all body bytes written.
    struct Record: Sendable {
        var requests: [Request] = []
        var bodyByteCount = 0
    }

    private let channel: any Channel
    private let record: SharedRecord

    /// The `n`-th request gets the `n`-th answer; later ones get the last.
    static func start(serving content: [UInt8], script: [Answer]) async throws -> HostileServer {
        let record = SharedRecord()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let requests = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
                    try channel.pipeline.syncOperations.addHandler(requests)
                    try channel.pipeline.syncOperations.addHandler(
                        HostileHandler(content: content, script: script, record: record))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return HostileServer(channel, record)
    }

    private init(_ channel: any Channel, _ record: SharedRecord) {
        self.channel = channel
        self.record = record
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    var url: String { "http://127.0.0.1:\(port)/model.bin" }

    var seen: Record { record.value.withLock { $0 } }

    func stop() async throws { try await channel.close() }
}

/// Shared between the handlers of all connections and the test.
final class SharedRecord: Sendable {
    let value = Mutex(HostileServer.Record())
}
