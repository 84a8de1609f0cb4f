// SPDX-License-Identifier: MIT

extension Timestamp {
    /// Reads ISO 8601: date, `T` or a space, hours and minutes, then optional seconds, fraction and offset.
    ///
    /// The fraction has one to nine digits; what is finer than a microsecond is cut off. The offset is `Z`, `±hh`,
    /// `±hhmm` or `±hh:mm`; without one the time is UTC. Days must exist, years are 1 to 9999 also after conversion
    /// to UTC, there are no leap seconds.
    public init?(iso8601 text: String) {
        var reader = TimestampReader(text)
        guard let moment = reader.moment() else { return nil }
        self = moment
    }

    /// Reads what ``sqlText`` writes, and the forms of ISO 8601 that other programs leave in their databases.
    public init?(sqlText text: String) {
        self.init(iso8601: text)
    }
}

/// One pass over the bytes of a time.
private struct TimestampReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    mutating func moment() -> Timestamp? {
        guard let date = date(), take(anyOf: "Tt ") else { return nil }
        guard let time = timeOfDay(), let offset = offset(), rest.isEmpty else { return nil }
        let seconds = Int64(date.dayNumber) * Timestamp.secondsPerDay - Int64(offset)
        let microseconds = seconds * Timestamp.microsecondsPerSecond + time
        guard Timestamp.range.contains(microseconds) else { return nil }
        return Timestamp(microseconds: microseconds)
    }

    private mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), take(anyOf: "-") else { return nil }
        guard let month = number(digits: 2), take(anyOf: "-") else { return nil }
        guard let day = number(digits: 2) else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// Microseconds since midnight.
    private mutating func timeOfDay() -> Int64? {
        guard let hour = number(digits: 2), hour < 24, take(anyOf: ":") else { return nil }
        guard let minute = number(digits: 2), minute < 60 else { return nil }
        var second = 0
        var fraction = 0
        if take(anyOf: ":") {
            guard let value = number(digits: 2), value < 60 else { return nil }
            second = value
            if take(anyOf: ".") {
                guard let value = microsecondFraction() else { return nil }
                fraction = value
            }
        }
        return Int64((hour * 60 + minute) * 60 + second) * Timestamp.microsecondsPerSecond + Int64(fraction)
    }

    private mutating func microsecondFraction() -> Int? {
        let digits = rest.prefix { isDigit($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        let padded = (Array(digits) + Array(repeating: UInt8(ascii: "0"), count: 6)).prefix(6)
        return padded.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Seconds east of UTC.
    private mutating func offset() -> Int? {
        if rest.isEmpty || take(anyOf: "Zz") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take(anyOf: "+-"), let hours = number(digits: 2), hours < 24 else { return nil }
        if rest.isEmpty { return (isWest ? -hours : hours) * 3600 }
        _ = take(anyOf: ":")
        guard let minutes = number(digits: 2), minutes < 60 else { return nil }
        let seconds = (hours * 60 + minutes) * 60
        return isWest ? -seconds : seconds
    }

    private mutating func number(digits count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(isDigit) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private mutating func take(anyOf characters: String) -> Bool {
        guard let first = rest.first, characters.utf8.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
