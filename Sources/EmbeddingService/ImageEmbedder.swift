// SPDX-License-Identifier: MIT
public import Embeddings

/// The library's front door: image bytes in, embedding out.
///
///     let embedder = ImageEmbedder(weights: "clip-vit-b-32.safetensors")
///     let embedding = try await embedder.embed(jpegBytes)     // 512 numbers
///
/// Safe to use from any number of tasks. The work happens on the embedder's own threads, never on Swift's
/// cooperative pool: a worker takes what waits, up to a batch, prepares the images on all threads and computes them
/// together. Images that arrive while it computes form the next batch.
///
/// The weights are loaded with the first image, or earlier by ``load()``. A load that fails is reported to the
/// images that needed it and tried again with the next one, so weights that arrive later are found.
public final class ImageEmbedder: Sendable {
    /// The weights file as given.
    public let weightsPath: String
    /// How the embedder was set up.
    public let options: Options

    private let queue: RequestQueue<[UInt8]>
    private let worker: EmbeddingWorker

    /// Makes an embedder that loads its weights with the first image.
    ///
    /// - Parameters:
    ///   - weights: Path of a safetensors file with Hugging Face's names.
    ///   - options: Threads, batch and queue sizes, image limits.
    public convenience init(weights: String, options: Options = Options()) {
        self.init(pausedWith: weights, options: options)
        resume()
    }

    /// Makes an embedder that takes requests but serves none before ``resume()``, so that tests see a full queue.
    package init(pausedWith weights: String, options: Options) {
        weightsPath = weights
        self.options = options
        queue = RequestQueue(capacity: options.queueCapacity)
        worker = EmbeddingWorker(weights: weights, options: options, queue: queue)
    }

    /// Starts the worker of a paused embedder; once.
    package func resume() { worker.start() }

    /// Makes an embedder whose weights are already in memory.
    ///
    /// - Throws: ``EmbeddingError/weightsMissing(path:)`` or ``EmbeddingError/weights(_:)``.
    public static func preloaded(
        weights: String, options: Options = Options()
    ) async throws(EmbeddingError) -> ImageEmbedder {
        let embedder = ImageEmbedder(weights: weights, options: options)
        try await embedder.load()
        return embedder
    }

    deinit {
        queue.close()
    }

    /// Loads the weights now instead of with the first image; at once when they are loaded already.
    ///
    /// - Returns: The version of the weights.
    /// - Throws: ``EmbeddingError/weightsMissing(path:)`` or ``EmbeddingError/weights(_:)``.
    @discardableResult
    public func load() async throws(EmbeddingError) -> ModelVersion {
        switch await queue.submit([.load])[0] {
        case .success(let answer): return answer.modelVersion
        case .failure(let error): throw error
        }
    }

    /// The embedding of one image.
    ///
    /// - Parameter imageBytes: A JPEG, PNG or WebP file's contents; the type is found by content.
    /// - Returns: The raw projection, with the version of the weights.
    /// - Throws: ``EmbeddingError``. A cancelled task gets `.cancelled`, unless its image was begun already.
    /// - Complexity: 8.8 GFLOP for ViT-B/32.
    public func embed(_ imageBytes: [UInt8]) async throws(EmbeddingError) -> Embedding {
        switch await queue.submit([.embed(imageBytes)])[0] {
        case .success(let answer): return Embedding(answer.values, modelVersion: answer.modelVersion)
        case .failure(let error): throw error
        }
    }

    /// The embeddings of many images, each with its own outcome, in the order given.
    ///
    /// Never fills the queue by itself: it hands over one batch after the other, so single images of other tasks get
    /// their turn in between. An image that finds the queue full ends as `.queueFull`; after a cancellation the
    /// remaining images end as `.cancelled`.
    ///
    /// - Parameter images: Contents of JPEG, PNG or WebP files.
    /// - Returns: One outcome an image.
    public func embed(batch images: [[UInt8]]) async -> [Result<Embedding, EmbeddingError>] {
        await embedTimed(batch: images).map { outcome in
            outcome.map { Embedding($0.values, modelVersion: $0.modelVersion) }
        }
    }

    /// As ``embed(batch:)``, with the time that each image took.
    package func embedTimed(batch images: [[UInt8]]) async -> [Result<EmbeddingAnswer, EmbeddingError>] {
        var outcomes: [Result<EmbeddingAnswer, EmbeddingError>] = []
        outcomes.reserveCapacity(images.count)
        let length = min(options.batchCapacity, options.queueCapacity)
        for start in stride(from: 0, to: images.count, by: length) {
            outcomes += await queue.submit(
                images[start..<min(start + length, images.count)].map { .embed($0) })
        }
        return outcomes
    }

    /// Counts and times since the embedder was made.
    public var statistics: Statistics {
        worker.statistics(waiting: queue.count)
    }

    /// The weights in use; nil before they are loaded.
    var model: LoadedModel? { worker.model }

    /// Finishes the batch in hand, answers what waits with ``EmbeddingError/shutDown`` and ends the threads.
    public func shutDown() {
        queue.close()
    }
}
