// SPDX-License-Identifier: MIT
import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection that sends any bytes at all and keeps what comes back.
final class RawConnection: Sendable {
    /// What has come back so far.
    final class Inbox: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        struct State: Sendable {
            var bytes: [UInt8] = []
            var hasEnded = false
        }
        let state = Mutex(State())

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            state.withLock { $0.bytes.append(contentsOf: bytes.readableBytesView) }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            // The server will send no more, whether or not it still reads.
            if let event = event as? ChannelEvent, event == .inputClosed {
                state.withLock { $0.hasEnded = true }
            }
            context.fireUserInboundEventTriggered(event)
        }

        func channelInactive(context: ChannelHandlerContext) { state.withLock { $0.hasEnded = true } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let channel: any Channel
    private let inbox: Inbox
    /// Lives as long as the connection.
    private let server: LiveServer

    private init(_ server: LiveServer, channel: any Channel, inbox: Inbox) {
        self.server = server
        self.channel = channel
        self.inbox = inbox
    }

    deinit { channel.close(promise: nil) }

    /// Connects to `server`.
    ///
    /// - Parameters:
    ///   - server: Lives at least as long as the connection.
    ///   - source: The address of this machine that the connection comes from.
    ///   - reads: False for a client that never takes its answers from the kernel.
    /// - Returns: The open connection.
    /// - Throws: When nobody accepts.
    static func open(
        _ server: LiveServer, from source: String? = nil, reads: Bool = true
    ) async throws -> RawConnection {
        let inbox = Inbox()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(20))
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { $0.pipeline.addHandler(inbox) }
        if !reads {
            bootstrap = bootstrap.channelOption(.autoRead, value: false)
                .channelOption(.socketOption(.so_rcvbuf), value: 4096)
        }
        if let source { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: source, port: 0)) }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: server.port).get()
        return RawConnection(server, channel: channel, inbox: inbox)
    }

    /// Sends bytes; an error is a closed connection, which ``hasEnded`` says too.
    func send(_ bytes: [UInt8]) async { try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Sends text.
    func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Sends bytes without waiting for the kernel to take them.
    func push(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Sends no more, but goes on listening.
    func closeOutput() async { try? await channel.close(mode: .output) }

    /// Hangs up.
    func close() async { try? await channel.close() }

    /// Everything received so far.
    var received: [UInt8] { inbox.state.withLock(\.bytes) }
    /// Everything received so far, as text.
    var text: String { String(decoding: received, as: UTF8.self) }
    /// The server sends no more.
    var hasEnded: Bool { inbox.state.withLock(\.hasEnded) || !channel.isActive }

    /// Status codes of the answers received so far.
    var statuses: [Int] {
        text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst()
            .compactMap { Int($0.prefix(3)) }
    }

    /// Waits until `condition` holds.
    ///
    /// - Returns: Whether it came to hold in time.
    func wait(_ limit: Duration, until condition: (RawConnection) -> Bool) async -> Bool {
        let end = ContinuousClock.now + limit
        while !condition(self) {
            guard ContinuousClock.now < end else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }
}
