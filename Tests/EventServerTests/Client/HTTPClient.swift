// SPDX-License-Identifier: MIT
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP/1.1 client that keeps connections open, sends exactly what it is told and retries nothing.
final class HTTPClient: Sendable {
    /// A connection that waits for its next request.
    private struct Idle {
        let channel: any Channel
        let since: NIODeadline
    }

    let port: Int
    private let standing: [(String, String)]
    private let idle = Mutex<[Idle]>([])
    /// What must live as long as the client: its server, for one.
    private let kept: [any AnyObject & Sendable]

    /// A client of 127.0.0.1:`port` that sends `headers` with every request and keeps what must not go before it.
    init(port: Int, headers: [(String, String)] = [], keeping kept: [any AnyObject & Sendable] = []) {
        self.port = port
        self.kept = kept
        standing = headers
    }

    deinit {
        for connection in idle.withLock({ $0 }) { connection.channel.close(promise: nil) }
    }

    /// Sends one request and waits for its whole answer.
    ///
    /// - Throws: ``ConnectionEnded`` when there is no answer, `IOError` when there is nobody.
    func send(
        _ method: String, _ uri: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        within limit: Duration = .seconds(90)
    ) async throws -> HTTPAnswer {
        let channel = try await connection()
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: uri)
        head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
        for (name, value) in standing + headers { head.headers.add(name: name, value: value) }
        if let body, !head.headers.contains(name: "Transfer-Encoding") {
            head.headers.replaceOrAdd(name: "Content-Length", value: "\(body.count)")
        }
        let answer = channel.eventLoop.makePromise(of: HTTPAnswer.self)
        let expiry = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
            answer.fail(ConnectionEnded(reason: "no answer within \(limit)"))
            channel.close(promise: nil)
        }
        let exchange = Exchange(head: head, body: body.map { ByteBuffer(bytes: $0) }, answer: answer)
        // A channel that has just closed does not hand the exchange to its handler any more.
        channel.writeAndFlush(exchange).whenFailure { answer.fail($0) }
        defer { expiry.cancel() }
        let result = try await answer.futureResult.get()
        keep(channel, after: result)
        return result
    }

    private func connection() async throws -> any Channel {
        // Younger than any server's idle limit, so that a request never meets a closing connection.
        let youngest = NIODeadline.now() - .seconds(2)
        let reused = idle.withLock { idle -> (any Channel)? in
            while let last = idle.popLast() {
                if last.channel.isActive, last.since > youngest { return last.channel }
                last.channel.close(promise: nil)
            }
            return nil
        }
        if let reused { return reused }
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(20))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // What is wrong in a request must reach the server.
                    try channel.pipeline.syncOperations.addHTTPClientHandlers(
                        enableOutboundHeaderValidation: false)
                    try channel.pipeline.syncOperations.addHandler(ExchangeHandler())
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    private func keep(_ channel: any Channel, after answer: HTTPAnswer) {
        let closes = answer.headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
        if closes { return channel.close(promise: nil) }
        idle.withLock { $0.append(Idle(channel: channel, since: .now())) }
    }
}
