// SPDX-License-Identifier: MIT

/// Why vectors could not be kept in memory.
package enum VectorMemoryError: Error, Equatable, Sendable {
    /// The system did not map the region.
    case refused(byteCount: Int, errno: Int32)
}

extension VectorMemoryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let byteCount, let errno):
            "The system refused \(byteCount) bytes of memory for vectors (errno \(errno)); free some memory and try again."
        }
    }
}
