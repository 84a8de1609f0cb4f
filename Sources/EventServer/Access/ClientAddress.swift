// SPDX-License-Identifier: MIT
internal import NIOCore

/// The part of a client's address that its holder cannot change at will.
enum ClientAddress {
    /// An IPv4 address, or the first 64 bits of an IPv6 address: a household has all that begin with them.
    static func group(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "unknown" }
        guard text.contains(":"), !text.contains(".") else { return text }
        let halves = text.prefix { $0 != "%" }.split(
            separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        let head = halves[0].split(separator: ":")
        let tail = halves.count > 1 ? halves[1].split(separator: ":") : []
        let zeros = [Substring](repeating: "0", count: max(0, 8 - head.count - tail.count))
        return (head + zeros + tail).prefix(4).joined(separator: ":") + "::/64"
    }
}
