// SPDX-License-Identifier: MIT
internal import Foundation
public import Tensors

extension TextEmbedder {
    /// How an embedder is set up.
    public struct Options: Sendable {
        /// Threads that compute, the worker included; by default as many as the process may use.
        public var threadCount: Int
        /// Texts that may wait; one more is refused with ``EmbeddingError/queueFull(capacity:)``.
        public var queueCapacity: Int
        /// UTF-8 bytes of the longest text; a longer one is refused with ``EmbeddingError/textTooLong(byteCount:limit:)``.
        public var textLimit = 65_536
        /// Who multiplies matrices.
        public var backend = ProductBackend.auto
        /// Arithmetic of the pictures that texts are compared with, which decides the version that embeddings carry.
        ///
        /// The text tower itself always computes in single precision. Pictures in 8 bits are near enough to the exact
        /// ones (cosine 0.999) to be compared with a text.
        public var imagePrecision: Precision? = .fp32
        /// How long the text tower stays in memory without a text; nil for ever.
        public var idleLimit: Duration? = .seconds(600)
        /// How far the thread stands back behind the rest of the process, 0…19 as `nice` counts.
        public var niceness = 0

        /// Options with the given values; numbers below 1 count as 1.
        public init(threadCount: Int? = nil, queueCapacity: Int = 64) {
            self.threadCount = max(1, threadCount ?? ProcessInfo.processInfo.activeProcessorCount)
            self.queueCapacity = max(1, queueCapacity)
        }
    }
}
