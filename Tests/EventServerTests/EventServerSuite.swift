// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

/// Everything that runs against a live server; one test at a time, because each server uses all cores.
@Suite("Event server", .serialized)
enum EventServerSuite {
    /// Whether soak tests run at their full length.
    static let isLong = ProcessInfo.processInfo.environment["AFTERIMAGE_TEST_LONG"] == "1"

    /// Whether weights of CLIP's dimensions are there.
    static let hasFullSizeWeights = TestWeights.path("plain") != nil

    /// A number from the environment.
    static func number(_ name: String, default value: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? value
    }

    /// A seed from AFTERIMAGE_TEST_SEED, or a new one.
    static var seed: UInt64 {
        ProcessInfo.processInfo.environment["AFTERIMAGE_TEST_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 0...UInt64(UInt32.max))
    }
}
