// SPDX-License-Identifier: MIT
internal import Foundation
public import Imaging
public import Tensors

extension ImageEmbedder {
    /// How an embedder is set up.
    public struct Options: Sendable {
        /// Threads that compute, the worker included; by default as many as the process may use.
        public var threadCount: Int
        /// Images computed together at most; larger batches use the processor better and answer later.
        public var batchCapacity: Int
        /// Images that may wait; one more is refused with ``EmbeddingError/queueFull(capacity:)``.
        public var queueCapacity: Int
        /// What is refused before it is decoded.
        public var limits: ImageLimits
        /// Arithmetic of the model; nil for the fastest of this processor that keeps a cosine of 0.9999 to single
        /// precision.
        public var precision: Precision? = .fp32
        /// Who multiplies matrices.
        public var backend = ProductBackend.auto
        /// How far the embedder's threads stand back behind the rest of the process, 0…19 as `nice` counts; a server
        /// answers in time under load with a few steps.
        public var niceness = 0

        /// Options with the given values; numbers below 1 count as 1.
        public init(
            threadCount: Int? = nil, batchCapacity: Int = 8,
            queueCapacity: Int = 256, limits: ImageLimits = ImageLimits()
        ) {
            self.threadCount = max(1, threadCount ?? ProcessInfo.processInfo.activeProcessorCount)
            self.batchCapacity = max(1, batchCapacity)
            self.queueCapacity = max(1, queueCapacity)
            self.limits = limits
        }
    }

    /// What an embedder has done so far.
    public struct Statistics: Sendable, Equatable {
        /// Images that got an embedding.
        public var embedded = 0
        /// Images that got an error instead.
        public var failed = 0
        /// Batches computed.
        public var batches = 0
        /// Images waiting now.
        public var waiting = 0
        /// Seconds spent decoding, resizing and normalising.
        public var preprocessingSeconds = 0.0
        /// Seconds spent in the model.
        public var towerSeconds = 0.0
        /// Seconds spent loading weights.
        public var loadingSeconds = 0.0
    }
}
