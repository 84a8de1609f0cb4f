// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation

/// A moment as a clock in the house shows it.
struct LocalMoment: Sendable {
    private let shifted: Timestamp
    private static let dayMicroseconds: Int64 = 86_400_000_000

    init(_ moment: Timestamp, in timeZone: TimeZone) {
        let seconds = timeZone.secondsFromGMT(
            for: Date(timeIntervalSince1970: Double(moment.microseconds) / 1e6))
        shifted = moment.adding(seconds: seconds)
    }

    /// The day as `2026-05-14`.
    var day: String { shifted.day }

    /// Hours and minutes as `18:02`.
    var clock: String { String(shifted.iso8601.dropFirst(11).prefix(5)) }

    /// Hours, minutes and seconds as `18:02:07`.
    var exactClock: String { String(shifted.iso8601.dropFirst(11).prefix(8)) }

    /// The day as `14 Nov`, with the year when it is not that of `now`.
    func shortDay(now: LocalMoment) -> String { date(now: now, month: { String($0.prefix(3)) }) }

    /// The day as `Thursday, 14 May 2026`; today and yesterday by these words.
    func longDay(now: LocalMoment) -> String {
        let name =
            switch now.dayNumber - dayNumber {
            case 0: "Today"
            case 1: "Yesterday"
            default: Self.weekdays[weekday]
            }
        return "\(name), \(date(now: now, month: { $0 }))"
    }

    /// Monday is 0.
    var weekday: Int {
        // 1970-01-01 was a Thursday.
        Int(((dayNumber + 3) % 7 + 7) % 7)
    }

    /// Minutes after midnight, 0…1439.
    var minute: Int { 60 * hour + (Int(clock.suffix(2)) ?? 0) }

    /// Hour of the day, 0…23.
    var hour: Int { Int(clock.prefix(2)) ?? 0 }

    /// Days since 1970-01-01.
    private var dayNumber: Int64 {
        let (days, rest) = shifted.microseconds.quotientAndRemainder(dividingBy: Self.dayMicroseconds)
        return rest < 0 ? days - 1 : days
    }

    private func date(now: LocalMoment, month: (String) -> String) -> String {
        let parts = day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return day }
        let year = parts[0] == Int(now.day.prefix(4)) ? "" : " \(parts[0])"
        return "\(parts[2]) \(month(Self.months[parts[1] - 1]))\(year)"
    }

    static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    /// When the local day `2026-05-14` begins; nil for a day that is none.
    static func start(ofDay day: String, in timeZone: TimeZone) -> Timestamp? {
        guard day.utf8.count == 10, let midnight = Timestamp(iso8601: "\(day)T00:00:00Z") else { return nil }
        func offset(_ moment: Timestamp) -> Int {
            timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.microseconds) / 1e6))
        }
        let guess = midnight.adding(seconds: -offset(midnight))
        return midnight.adding(seconds: -offset(guess))
    }

    /// When the day after the local day begins.
    static func end(ofDay day: String, in timeZone: TimeZone) -> Timestamp? {
        guard let noon = Timestamp(iso8601: "\(day)T12:00:00Z") else { return nil }
        return start(ofDay: noon.adding(seconds: 86_400).day, in: timeZone)
    }
}
