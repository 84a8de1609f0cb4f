// SPDX-License-Identifier: MIT

extension Timestamp {
    static let secondsPerQuarter: Int64 = 900

    /// Number of the quarter hour since 1970-01-01 00:00 UTC in which the moment lies, negative before.
    ///
    /// The offset of every time zone in use is a multiple of a quarter hour, so that no quarter lies in two local
    /// hours.
    package var quarterHour: Int {
        let length = Self.secondsPerQuarter * Self.microsecondsPerSecond
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: length)
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }
}
