// SPDX-License-Identifier: MIT

/// A part of each day, by local time: from one minute up to, not including, another, perhaps across midnight.
package struct HourBand: Sendable, Hashable {
    /// Minutes after midnight, 0…1439.
    package let start: Int
    /// Minutes after midnight, 1…1440.
    package let end: Int

    /// Reads `22-05`, `7-19`, `06:30-08:15`; 24 is the end of the day.
    ///
    /// - Returns: nil for another form, for times that do not exist, and for an empty band such as `8-8`.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Self.minutes(parts[0]), let end = Self.minutes(parts[1]),
            start < Self.minutesPerDay, start != end
        else { return nil }
        self.start = start
        self.end = end == 0 ? Self.minutesPerDay : end
    }

    /// Whether the band holds this minute of the day.
    package func contains(minute: Int) -> Bool {
        start < end ? minute >= start && minute < end : minute >= start || minute < end
    }

    private static let minutesPerDay = 1440

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let hour = number(parts[0]),
            let minute = parts.count == 2 ? number(parts[1]) : 0, minute < 60
        else { return nil }
        let minutes = 60 * hour + minute
        return minutes <= minutesPerDay ? minutes : nil
    }

    private static func number(_ digits: Substring) -> Int? {
        guard (1...2).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            return nil
        }
        return Int(digits)
    }
}
