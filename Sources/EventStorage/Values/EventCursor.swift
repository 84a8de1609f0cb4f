// SPDX-License-Identifier: MIT
internal import Foundation

/// The place of an event in a listing: the next page starts behind it.
public struct EventCursor: Sendable, Hashable {
    /// When the event happened.
    public let timestamp: Timestamp
    /// Its identifier, which orders events of the same moment.
    public let id: String

    private static let longestText = 1_024

    /// The place of the event `id` at `timestamp`.
    public init(timestamp: Timestamp, id: String) {
        self.timestamp = timestamp
        self.id = id
    }

    /// Reads what ``text`` writes; nil for anything else.
    public init?(text: String) {
        guard text.utf8.count <= Self.longestText else { return nil }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard + padding),
            let parts = String(validating: data, as: UTF8.self)?.split(
                separator: " ", maxSplits: 1, omittingEmptySubsequences: false),
            parts.count == 2, !parts[1].isEmpty, let microseconds = Int64(parts[0]),
            Timestamp.range.contains(microseconds)
        else { return nil }
        self.init(timestamp: Timestamp(microseconds: microseconds), id: String(parts[1]))
    }

    /// The cursor as letters, digits, `-` and `_`.
    public var text: String {
        Data("\(timestamp.microseconds) \(id)".utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
