// SPDX-License-Identifier: MIT
internal import Foundation

/// A moment in UTC with a resolution of one microsecond, in the years 1 to 9999.
///
/// The range is kept by clamping, so that every moment has a text of the same width and text order is time order.
public struct Timestamp: Sendable, Hashable {
    /// Microseconds since 1970-01-01 00:00:00 UTC, negative before.
    public let microseconds: Int64

    static let microsecondsPerSecond: Int64 = 1_000_000
    static let secondsPerDay: Int64 = 86_400
    static let range =
        (-62_135_596_800 * microsecondsPerSecond)...(253_402_300_800 * microsecondsPerSecond - 1)

    /// The moment `microseconds` after 1970-01-01 00:00:00 UTC; outside the years 1 to 9999 the nearest inside.
    public init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.range.lowerBound), Self.range.upperBound)
    }

    /// The time of this machine's clock.
    public static func now() -> Timestamp {
        Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1e6).rounded(.down)))
    }

    /// The moment `seconds` later, or earlier when negative.
    public func adding(seconds: Int) -> Timestamp {
        let (step, overflow) = Int64(seconds).multipliedReportingOverflow(by: Self.microsecondsPerSecond)
        let far = seconds < 0 ? Self.range.lowerBound : Self.range.upperBound
        let (sum, sumOverflow) = microseconds.addingReportingOverflow(step)
        return Timestamp(microseconds: overflow || sumOverflow ? far : sum)
    }

    /// Seconds from `earlier` to this moment, negative when `earlier` is later.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(microseconds - earlier.microseconds) / Double(Self.microsecondsPerSecond)
    }
}

extension Timestamp: Comparable {
    /// Whether `a` is before `b`.
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }
}

extension Timestamp: CustomStringConvertible {
    /// The moment in ISO 8601.
    public var description: String { iso8601 }
}
