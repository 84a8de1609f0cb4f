// SPDX-License-Identifier: MIT
internal import Foundation

/// What `tools/test` was asked for.
package enum TestSwitches {
    /// Whether soak tests and long comparisons run too.
    package static let long = ProcessInfo.processInfo.environment["AFTERIMAGE_TEST_LONG"] == "1"
}
