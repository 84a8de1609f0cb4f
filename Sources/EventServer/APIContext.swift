// SPDX-License-Identifier: MIT
internal import Hummingbird

/// What goes along with each request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
