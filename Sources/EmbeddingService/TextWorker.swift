// SPDX-License-Identifier: MIT
internal import Foundation
internal import Synchronization

/// The thread behind a ``TextEmbedder``: takes texts from the queue and owns the engine.
///
/// It keeps the queue but not the embedder, so an embedder that nobody uses any more goes away, closes the queue and
/// thereby ends the thread.
final class TextWorker: Sendable {
    private let weightsPath: String
    private let options: TextEmbedder.Options
    private let queue: RequestQueue<String>
    private let loaded = Mutex(false)

    init(weights: String, options: TextEmbedder.Options, queue: RequestQueue<String>) {
        weightsPath = weights
        self.options = options
        self.queue = queue
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "text"
        thread.start()
    }

    /// Whether the text tower is in memory.
    var isLoaded: Bool { loaded.withLock { $0 } }

    // MARK: - On the worker's thread

    private func run() {
        ThreadPriority.lower(by: options.niceness)
        var engine: TextEngine?
        while let requests = queue.take(atMost: 1, within: engine == nil ? nil : options.idleLimit) {
            guard let request = requests.first else {
                engine = nil
                loaded.withLock { $0 = false }
                continue
            }
            do throws(EmbeddingError) {
                let current: TextEngine
                if let engine { current = engine } else { current = try load() }
                engine = current
                loaded.withLock { $0 = true }
                request.answer(.success(try answer(request, with: current)))
            } catch {
                request.answer(.failure(error))
            }
        }
        loaded.withLock { $0 = false }
    }

    private func load() throws(EmbeddingError) -> TextEngine {
        try TextEngine(weights: weightsPath, options: options)
    }

    private func answer(
        _ request: EmbeddingRequest<String>, with engine: TextEngine
    ) throws(EmbeddingError) -> EmbeddingAnswer {
        switch request.work {
        case .load: .loaded(engine.modelVersion)
        case .embed(let text): try engine.embed(text)
        }
    }
}
