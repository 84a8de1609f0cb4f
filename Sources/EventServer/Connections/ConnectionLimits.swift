// SPDX-License-Identifier: MIT

/// Bounds that keep slow, stuck and greedy clients from taking the server for themselves.
public struct ConnectionLimits: Sendable {
    /// Connections open at once; further ones wait in the kernel's queue.
    public var maximumConnectionCount = 256
    /// Requests in hand at once; further ones get 503.
    ///
    /// Health checks are not counted.
    public var maximumRequestsInFlight = 128
    /// Bytes of request bodies in memory at once; requests that do not fit get 503.
    public var maximumBodyBytesInFlight = 128 << 20
    /// Seconds from the opened connection, or the last response, to a whole request head.
    public var headSeconds = 20
    /// Seconds from a request's head to the end of its body.
    public var bodySeconds = 60
    /// Seconds from the whole request to the end of its response.
    public var responseSeconds = 300

    /// Makes the limits of `afterimage serve`.
    public init() {}
}
