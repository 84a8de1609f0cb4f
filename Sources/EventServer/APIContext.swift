// SPDX-License-Identifier: MIT
internal import Hummingbird
internal import NIOCore

/// What goes along with each request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The other end of the connection; nil once it is closed.
    let remoteAddress: SocketAddress?
    /// The browser, where the request comes from one.
    var session: PageSession?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
