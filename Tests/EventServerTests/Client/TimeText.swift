// SPDX-License-Identifier: MIT
import Foundation

/// Times as the interface writes them.
enum TimeText {
    /// ISO 8601 in UTC with a `Z`.
    static var pattern: Regex<Substring> {
        #/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z/#
    }

    /// A lower-case UUID of version 4.
    static var identifier: Regex<Substring> {
        #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#
    }

    /// A moment before another, to the second.
    static func ago(days: Int = 0, hours: Int = 0, minutes: Int = 0, from moment: Date = Date()) -> String {
        moment.addingTimeInterval(-60 * Double(minutes + 60 * (hours + 24 * days))).ISO8601Format()
    }

    /// A time of the UTC day so many days ago, such as `23:30`.
    static func daysAgo(_ days: Int, at clock: String) -> String {
        "\(ago(days: days).prefix(10))T\(clock):00Z"
    }
}
