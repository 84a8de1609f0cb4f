// SPDX-License-Identifier: MIT

/// How a count compares with what it would be if events were spread evenly over the time.
///
///     ratio = (count + 1) / (expected + 1)
///
/// One event is added to either side, so that few events say little: an hour without any event gets 0.5 where one was
/// to be expected, and 0.1 only where nine were. 1 is the even share.
package enum EvenShare {
    package static func ratio(_ count: Int, expected: Double) -> Double {
        (Double(count) + 1) / (expected + 1)
    }
}
