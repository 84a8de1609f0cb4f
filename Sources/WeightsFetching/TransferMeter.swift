// SPDX-License-Identifier: MIT

/// Speed and remaining time of a transfer.
package struct TransferMeter: Sendable {
    private var last: (instant: ContinuousClock.Instant, received: Int)?
    /// Bytes a second, smoothed; nil until two readings are far enough apart.
    package private(set) var bytesPerSecond: Double?
    package private(set) var received = 0
    package private(set) var total: Int?

    package init() {}

    /// Takes a reading.
    ///
    /// The first one sets the zero of the speed, so resumed bytes do not count as fast ones.
    package mutating func record(received: Int, total: Int?, at instant: ContinuousClock.Instant) {
        self.received = received
        self.total = total
        guard let last, received >= last.received else {
            last = (instant, received)
            bytesPerSecond = nil
            return
        }
        let seconds = (instant - last.instant) / .seconds(1)
        guard seconds >= 0.25 else { return }
        let present = Double(received - last.received) / seconds
        // Half of the weight lies on the last three readings: calm, and quick enough to show a stall.
        bytesPerSecond = bytesPerSecond.map { 0.8 * $0 + 0.2 * present } ?? present
        self.last = (instant, received)
    }

    /// Share that is there, 0…1; nil where the length is not known.
    package var fraction: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(received) / Double(total))
    }

    /// Seconds to the end at the present speed; nil where it cannot be told.
    package var remainingSeconds: Int? {
        guard let total, let bytesPerSecond, bytesPerSecond >= 1 else { return nil }
        return Int(min(Double(max(0, total - received)) / bytesPerSecond, 359_999))
    }

    /// One line for people, such as `254.1 of 605.2 MB, 12.3 MB/s, 0:28 left`.
    package var summary: String {
        var parts = [
            total.map { "\(Self.megabytes(received)) of \(Self.megabytes($0)) MB" }
                ?? "\(Self.megabytes(received)) MB"
        ]
        if let bytesPerSecond { parts.append("\(Self.megabytes(Int(bytesPerSecond))) MB/s") }
        if let seconds = remainingSeconds { parts.append("\(Self.clock(seconds)) left") }
        return parts.joined(separator: ", ")
    }

    private static func megabytes(_ byteCount: Int) -> String {
        let tenths = (byteCount + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func clock(_ seconds: Int) -> String {
        let pair = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        return hours > 0 ? "\(hours):\(pair(minutes)):\(pair(rest))" : "\(minutes):\(pair(rest))"
    }
}
