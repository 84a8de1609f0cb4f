// SPDX-License-Identifier: MIT
public import Embeddings

/// Text in, embedding out: the sibling of ``ImageEmbedder``, in the same space.
///
///     let embedder = TextEmbedder(weights: "clip-vit-b-32.safetensors")
///     let embedding = try await embedder.embed("a red car in the drive")
///
/// Safe to use from any number of tasks; the work happens on a thread of its own. The text tower is loaded with the first
/// text and its memory is given back after ``Options/idleLimit`` without one, so a program that never searches by text
/// never pays for it. Text is embedded as it is; ``PromptTemplate`` makes a sentence of a few words.
public final class TextEmbedder: Sendable {
    /// The weights file as given.
    public let weightsPath: String
    /// How the embedder was set up.
    public let options: Options

    private let queue: RequestQueue<String>
    private let worker: TextWorker

    /// Makes an embedder that loads its weights with the first text.
    ///
    /// - Parameters:
    ///   - weights: Path of a safetensors file with Hugging Face's names and the tokenizer's merges.
    ///   - options: Threads, queue size, and whose version the embeddings carry.
    public convenience init(weights: String, options: Options = Options()) {
        self.init(pausedWith: weights, options: options)
        resume()
    }

    /// Makes an embedder for texts that are compared with the pictures of `images`: same weights, same version.
    public convenience init(beside images: ImageEmbedder) {
        var options = Options(threadCount: images.options.threadCount)
        options.backend = images.options.backend
        options.imagePrecision = images.options.precision
        options.niceness = images.options.niceness
        self.init(weights: images.weightsPath, options: options)
    }

    /// Makes an embedder that takes requests but serves none before ``resume()``, so that tests see a full queue.
    package init(pausedWith weights: String, options: Options) {
        weightsPath = weights
        self.options = options
        queue = RequestQueue(capacity: options.queueCapacity)
        worker = TextWorker(weights: weights, options: options, queue: queue)
    }

    /// Starts the worker of a paused embedder; once.
    package func resume() { worker.start() }

    deinit {
        queue.close()
    }

    /// Loads the text tower now instead of with the first text; at once when it is loaded already.
    ///
    /// - Returns: The version of the weights.
    /// - Throws: ``EmbeddingError/weightsMissing(path:)`` or ``EmbeddingError/weights(_:)``, with
    ///   `WeightError.noTextTower` or `.noVocabulary` where the file has none.
    @discardableResult
    public func load() async throws(EmbeddingError) -> ModelVersion {
        switch await queue.submit([.load])[0] {
        case .success(let answer): return answer.modelVersion
        case .failure(let error): throw error
        }
    }

    /// The embedding of one text.
    ///
    /// - Parameter text: Any text of at most ``Options/textLimit`` bytes; words beyond the model's 77 tokens are cut off.
    /// - Returns: The raw projection, with the version that the pictures of these weights have.
    /// - Throws: ``EmbeddingError``. A cancelled task gets `.cancelled`, unless its text was begun already.
    public func embed(_ text: String) async throws(EmbeddingError) -> Embedding {
        switch await embedTimed(text) {
        case .success(let answer): return Embedding(answer.values, modelVersion: answer.modelVersion)
        case .failure(let error): throw error
        }
    }

    /// As ``embed(_:)``, with the time that it took.
    package func embedTimed(_ text: String) async -> Result<EmbeddingAnswer, EmbeddingError> {
        let byteCount = text.utf8.count
        guard byteCount <= options.textLimit else {
            return .failure(.textTooLong(byteCount: byteCount, limit: options.textLimit))
        }
        return await queue.submit([.embed(text)])[0]
    }

    /// Whether the text tower is in memory.
    public var isLoaded: Bool { worker.isLoaded }

    /// Texts waiting now.
    package var waitingCount: Int { queue.count }

    /// Finishes the text in hand, answers what waits with ``EmbeddingError/shutDown`` and ends the thread.
    public func shutDown() {
        queue.close()
    }
}
