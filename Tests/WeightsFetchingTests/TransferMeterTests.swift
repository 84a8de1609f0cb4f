// SPDX-License-Identifier: MIT
import Testing

@testable import WeightsFetching

@Suite("The meter of a transfer")
struct TransferMeterTests {
    private let start = ContinuousClock().now

    @Test("tells share, speed and remaining time")
    func reading() {
        var meter = TransferMeter()
        meter.record(received: 100_000_000, total: 605_247_071, at: start)
        #expect(meter.summary == "100.0 of 605.2 MB")
        meter.record(received: 120_000_000, total: 605_247_071, at: start + .seconds(2))
        #expect(meter.bytesPerSecond == 10_000_000)
        #expect(meter.summary == "120.0 of 605.2 MB, 10.0 MB/s, 0:48 left")
        meter.record(received: 605_247_071, total: 605_247_071, at: start + .seconds(10))
        #expect(meter.fraction == 1)
        #expect(meter.remainingSeconds == 0)
    }

    @Test("tells neither share nor end of a length that nobody knows")
    func unknownLength() {
        var meter = TransferMeter()
        meter.record(received: 0, total: nil, at: start)
        meter.record(received: 1_000_000, total: nil, at: start + .seconds(1))
        #expect(meter.fraction == nil)
        #expect(meter.summary == "1.0 MB, 1.0 MB/s")
    }

    @Test("takes readings close together as one, and begins anew when the file does")
    func closeReadings() {
        var meter = TransferMeter()
        meter.record(received: 0, total: 10, at: start)
        meter.record(received: 9, total: 10, at: start + .milliseconds(1))
        #expect(meter.bytesPerSecond == nil)
        meter.record(received: 1, total: 10, at: start + .seconds(1))
        #expect(meter.bytesPerSecond == 1)
        meter.record(received: 0, total: 10, at: start + .seconds(2))
        #expect(meter.bytesPerSecond == nil)
    }

    @Test("shows long times as hours")
    func hours() {
        var meter = TransferMeter()
        meter.record(received: 0, total: 3_725_000, at: start)
        meter.record(received: 1000, total: 3_726_000, at: start + .seconds(1))
        #expect(meter.summary.hasSuffix("1:02:05 left"))
    }
}
