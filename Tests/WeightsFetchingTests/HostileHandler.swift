// SPDX-License-Identifier: MIT
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Answers the requests of one connection of a ``HostileServer``.
final class HostileHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum Ending { case none, close, reset }

    private let content: [UInt8]
    private let script: [Answer]
    private let record: SharedRecord
    private var head: HTTPRequestHead?

    init(content: [UInt8], script: [Answer], record: SharedRecord) {
        self.content = content
        self.script = script
        self.record = record
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            answer(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request = HostileServer.Request(
            uri: head.uri, range: head.headers.first(name: "Range"),
            ifRange: head.headers.first(name: "If-Range"),
            authorization: head.headers.first(name: "Authorization"))
        let index = record.value.withLock {
            $0.requests.append(request)
            return $0.requests.count - 1
        }
        let answer = script[min(index, script.count - 1)]
        let start = start(of: request, answer)
        let rest = content[start...]
        switch answer.kind {
        case .whole: send(context, fields(answer, start), rest)
        case .ignoringRange: send(context, fields(answer, 0), content[...])
        case .closing(let count): send(context, fields(answer, start), rest.prefix(count), then: .close)
        case .resetting(let count): send(context, fields(answer, start), rest.prefix(count), then: .reset)
        case .stalling(let count): send(context, fields(answer, start), rest.prefix(count))
        case .silent: break
        case .corrupting(let position):
            var wrong = content
            wrong[position] ^= 1
            send(context, fields(answer, start), wrong[start...])
        case .contentRange(let words):
            let field = words.map { [("Content-Range", $0)] } ?? []
            send(context, [("", "206 Partial Content"), ("Content-Length", "\(rest.count)")] + field, rest)
        case .chunked(let count, let isEnded):
            sendChunks(context, answer, start, rest.prefix(count), isEnded: isEnded)
        case .untilClose(let count):
            let fields = fields(answer, start).filter { $0.0 != "Content-Length" } + [("Connection", "close")]
            send(context, fields, rest.prefix(count), then: .close)
        case .declaringMore(let count):
            send(
                context, [("", "200 OK"), ("Content-Length", "\(content.count + count)")],
                content[...] + [UInt8](repeating: 7, count: count))
        case .chunkedMore(let count):
            sendChunks(context, answer, start, rest + [UInt8](repeating: 7, count: count), isEnded: true)
        case .status(let status, let fields):
            send(context, [("", "\(status) Said So"), ("Content-Length", "0")] + fields, [])
        case .rangeRefused(let total):
            let field = total.map { [("Content-Range", "bytes */\($0)")] } ?? []
            send(context, [("", "416 Range Not Satisfiable"), ("Content-Length", "0")] + field, [])
        case .garbage: write(context, Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), then: .close)
        }
    }

    /// Position of the first byte that the request may have: ranges hold only while the entity tag is the same.
    private func start(of request: HostileServer.Request, _ answer: Answer) -> Int {
        guard let range = request.range, let start = Int(range.dropFirst("bytes=".count).dropLast()),
            start < content.count
        else { return 0 }
        let condition = request.ifRange
        return condition == nil || condition == answer.entityTag || condition == answer.lastModified
            ? start : 0
    }

    private func fields(_ answer: Answer, _ start: Int) -> [(String, String)] {
        var fields = [
            ("", start > 0 ? "206 Partial Content" : "200 OK"),
            ("Content-Length", "\(content.count - start)"),
        ]
        if start > 0 {
            fields.append(("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)"))
        }
        if let tag = answer.entityTag { fields.append(("ETag", tag)) }
        if let date = answer.lastModified { fields.append(("Last-Modified", date)) }
        return fields
    }

    private func sendChunks(
        _ context: ChannelHandlerContext, _ answer: Answer, _ start: Int, _ body: ArraySlice<UInt8>,
        isEnded: Bool
    ) {
        let fields = fields(answer, start).filter { $0.0 != "Content-Length" }
        var bytes = [UInt8]()
        var rest = body
        while !rest.isEmpty {
            let chunk = rest.prefix(10_000)
            rest = rest.dropFirst(chunk.count)
            bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
        }
        if isEnded { bytes += Array("0\r\n\r\n".utf8) }
        send(
            context, fields + [("Transfer-Encoding", "chunked")], bytes[...], bodyByteCount: body.count,
            then: isEnded ? .none : .close)
    }

    /// The first field, with an empty name, is the status.
    private func send(
        _ context: ChannelHandlerContext, _ fields: [(String, String)], _ body: ArraySlice<UInt8>,
        bodyByteCount: Int? = nil, then ending: Ending = .none
    ) {
        record.value.withLock { $0.bodyByteCount += bodyByteCount ?? body.count }
        var head = "HTTP/1.1 \(fields[0].1)\r\n"
        for (name, value) in fields.dropFirst() { head += "\(name): \(value)\r\n" }
        write(context, Array((head + "\r\n").utf8) + body, then: ending)
    }

    private func write(_ context: ChannelHandlerContext, _ bytes: [UInt8], then ending: Ending) {
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        let channel = context.channel
        let written = context.writeAndFlush(wrapOutboundOut(buffer))
        switch ending {
        case .none: break
        case .close:
            // The client drops what it has read but not yet handed on when the connection ends. It gets the time
            // to hand everything on, so that the position it continues at is the same in every run.
            context.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
        case .reset:
            written.whenComplete { _ in
                let options = channel as? any SocketOptionProvider
                options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                    .whenComplete { _ in channel.close(promise: nil) }
            }
        }
    }
}
