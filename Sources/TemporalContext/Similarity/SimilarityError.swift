// SPDX-License-Identifier: MIT
package import EventStorage
package import Tensors

/// Why a search gives no answer.
package enum SimilarityError: Error, Sendable {
    /// The store cannot be read.
    case storage(StorageError)
    /// There is no memory for the vectors.
    case memory(VectorMemoryError)
    /// The query has no direction: zeros, or a number that is not finite.
    case noDirection
}

extension SimilarityError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .storage(let error): error.description
        case .memory(let error): error.description
        case .noDirection: "The vector to compare with is zero or not finite; embed the picture again."
        }
    }
}
