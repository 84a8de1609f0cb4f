// SPDX-License-Identifier: MIT

/// Who computes attention; in single precision always.
package enum AttentionBackend: Sendable, Hashable, CaseIterable {
    /// A kernel of our own, head by head.
    case vectors
    /// The linked BLAS, and our own softmax.
    case blas
}
