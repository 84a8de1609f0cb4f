// SPDX-License-Identifier: MIT

/// Hours in a row, `from` to before `to`; past midnight when `to` is not after `from`.
package struct HourRange: Sendable, Hashable {
    /// 0…23.
    package let from: Int
    /// 1…24.
    package let to: Int

    package init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    /// The fewest ranges that hold exactly these hours of the day, in order of their start.
    static func ranges(of hours: [Int]) -> [HourRange] {
        let hours = Set(hours)
        guard hours.count < 24 else { return [HourRange(from: 0, to: 24)] }
        let starts = hours.filter { !hours.contains(($0 + 23) % 24) }.sorted()
        return starts.map { start in
            let length = (1..<24).first { !hours.contains((start + $0) % 24) } ?? 24
            let end = (start + length) % 24
            return HourRange(from: start, to: end == 0 ? 24 : end)
        }
    }
}
