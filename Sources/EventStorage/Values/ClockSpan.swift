// SPDX-License-Identifier: MIT

/// Quarter hours during which local clocks stay at the same distance from UTC.
package struct ClockSpan: Sendable, Hashable {
    /// Quarter hours since 1970-01-01 00:00 UTC.
    package let quarters: Range<Int>
    /// Local time minus UTC, in quarter hours.
    package let offset: Int

    package init(quarters: Range<Int>, offset: Int) {
        self.quarters = quarters
        self.offset = offset
    }
}
