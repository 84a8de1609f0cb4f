// SPDX-License-Identifier: MIT
internal import Foundation

/// How far the calling thread stands back behind others.
enum ThreadPriority {
    /// Lowers this thread, and with it the threads it starts, by `niceness`.
    static func lower(by niceness: Int) {
        guard niceness > 0 else { return }
        // On Linux the call applies to the calling thread alone, and threads inherit their creator's niceness. It
        // cannot fail for a niceness that grows.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Int32(niceness))
    }
}
