// SPDX-License-Identifier: MIT

extension Timestamp {
    /// The moment in ISO 8601: `2026-05-14T18:02:03Z`, with six digits of a fraction when it is not zero.
    public var iso8601: String {
        "\(day)T\(clock)" + (fraction == 0 ? "" : ".\(Self.padded(fraction, 6))") + "Z"
    }

    /// The moment as SQLAlchemy writes it into SQLite: `2026-05-14 18:02:03.000000`, always 26 characters.
    public var sqlText: String { "\(day) \(clock).\(Self.padded(fraction, 6))" }

    /// The day in UTC: `2026-05-14`.
    public var day: String {
        let date = CivilDate(dayNumber: Int(Self.floorDivide(wholeSeconds, Self.secondsPerDay).quotient))
        return "\(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
    }

    private var clock: String {
        let second = Int(Self.floorDivide(wholeSeconds, Self.secondsPerDay).remainder)
        return [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(
            separator: ":")
    }

    private var wholeSeconds: Int64 { Self.floorDivide(microseconds, Self.microsecondsPerSecond).quotient }
    private var fraction: Int { Int(Self.floorDivide(microseconds, Self.microsecondsPerSecond).remainder) }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        var digits = [UInt8](repeating: UInt8(ascii: "0"), count: width)
        var rest = number
        for place in digits.indices.reversed() {
            digits[place] += UInt8(rest % 10)
            rest /= 10
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
