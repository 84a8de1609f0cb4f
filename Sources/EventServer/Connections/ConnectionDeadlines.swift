// SPDX-License-Identifier: MIT
internal import Hummingbird
internal import NIOCore
internal import NIOHTTPTypes

/// Closes a connection whose client takes too long over a request head, a body or reading the response.
///
/// An idle timeout alone would let a client hold a connection for ever with one byte a minute; each phase therefore
/// has a deadline that progress does not move. Also closes after a response that says `Connection: close`, so that
/// the rest of a refused body is not read.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private var timeout: Scheduled<Void>?
    private var requestsInHand = 0
    private var isBodyIncomplete = false
    private var closesAfterResponse = false
    private var isStopping = false

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        allow(seconds: limits.headSeconds, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requestsInHand += 1
            isBodyIncomplete = true
            if requestsInHand == 1 { allow(seconds: limits.bodySeconds, context) }
        case .body: break
        case .end:
            isBodyIncomplete = false
            if requestsInHand == 1 { allow(seconds: limits.responseSeconds, context) }
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isStopping = true
            // Who has not sent a whole request by now shall not hold up the end of the server.
            if requestsInHand == 0 || isBodyIncomplete { allow(seconds: 1, context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            if head.headerFields[.connection] == "close" { closesAfterResponse = true }
        case .end:
            requestsInHand = max(0, requestsInHand - 1)
            if closesAfterResponse {
                closeOnceWritten(context: context, data: data, promise: promise)
                return
            }
            let idleSeconds = isStopping ? 1 : limits.headSeconds
            allow(seconds: requestsInHand == 0 ? idleSeconds : limits.responseSeconds, context)
        default: break
        }
        context.write(data, promise: promise)
    }

    private func closeOnceWritten(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        let written = promise ?? context.eventLoop.makePromise()
        context.writeAndFlush(data, promise: written)
        let channel = context.channel
        // Closing with unread input sends a reset, which may overtake the response; a moment of draining lets the
        // client read why it was refused.
        written.futureResult.whenComplete { _ in
            channel.close(mode: .output, promise: nil)
            channel.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
        }
    }

    private func allow(seconds: Int, _ context: ChannelHandlerContext) {
        timeout?.cancel()
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: .seconds(Int64(seconds))) { channel.close(promise: nil) }
    }
}
