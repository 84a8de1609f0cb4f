// SPDX-License-Identifier: MIT
internal import EventStorage

/// Events and time of each hour of the week, Monday at midnight first.
struct HoursOfWeek {
    /// Number of events, [168].
    private(set) var events = [Int](repeating: 0, count: 168)
    /// Quarter hours that the week's hour had, [168].
    private(set) var quarters = [Int](repeating: 0, count: 168)

    /// Counts over the time that `clock` covers; `counts` are in any order.
    init(_ clock: LocalClock, _ counts: [ActivityCount]) {
        for span in clock.spans {
            for quarter in span.quarters { quarters[span.hourOfWeek(quarter)] += 1 }
        }
        var place = 0
        for count in counts.sorted(by: { $0.quarter < $1.quarter }) {
            while place < clock.spans.count, clock.spans[place].quarters.upperBound <= count.quarter {
                place += 1
            }
            guard place < clock.spans.count else { break }
            events[clock.spans[place].hourOfWeek(count.quarter)] += count.eventCount
        }
    }

    /// How each hour of the day compares with its even share.
    var ratiosByHour: [Double] {
        let total = Double(events.reduce(0, +))
        let time = Double(max(1, quarters.reduce(0, +)))
        return (0..<24).map { hour in
            let days = stride(from: hour, to: 168, by: 24)
            let expected = total * Double(days.reduce(0) { $0 + quarters[$1] }) / time
            return EvenShare.ratio(days.reduce(0) { $0 + events[$1] }, expected: expected)
        }
    }
}
