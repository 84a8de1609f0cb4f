// SPDX-License-Identifier: MIT
internal import CLIP
internal import Checkpoints
internal import Foundation
internal import Imaging
internal import Synchronization
internal import SystemPackage
internal import Tensors

/// The thread behind an ``ImageEmbedder``: takes batches from the queue and owns the engine.
///
/// It keeps the queue but not the embedder, so an embedder that nobody uses any more goes away, closes the queue and
/// thereby ends the thread.
final class EmbeddingWorker: Sendable {
    private let weightsPath: String
    private let options: ImageEmbedder.Options
    private let queue: RequestQueue<[UInt8]>
    private let counts = Mutex(ImageEmbedder.Statistics())
    private let loaded = Mutex<LoadedModel?>(nil)

    init(weights: String, options: ImageEmbedder.Options, queue: RequestQueue<[UInt8]>) {
        weightsPath = weights
        self.options = options
        self.queue = queue
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "embedding"
        thread.start()
    }

    func statistics(waiting: Int) -> ImageEmbedder.Statistics {
        var statistics = counts.withLock { $0 }
        statistics.waiting = waiting
        return statistics
    }

    /// The weights in use; nil before they are loaded.
    var model: LoadedModel? { loaded.withLock { $0 } }

    // MARK: - On the worker's thread

    private func run() {
        ThreadPriority.lower(by: options.niceness)
        var engine: EmbeddingEngine?
        while let requests = queue.take(atMost: options.batchCapacity) {
            let loaded: EmbeddingEngine
            do throws(EmbeddingError) {
                if let engine { loaded = engine } else { loaded = try load() }
            } catch {
                fail(requests, error)
                continue
            }
            engine = loaded
            self.loaded.withLock { $0 = LoadedModel(loaded) }
            serve(requests, with: loaded)
        }
    }

    private func load() throws(EmbeddingError) -> EmbeddingEngine {
        var engine: Result<EmbeddingEngine, EmbeddingError> = .failure(.weightsMissing(path: weightsPath))
        let duration = ContinuousClock().measure {
            engine = Result { () throws(EmbeddingError) in
                try EmbeddingEngine(weights: weightsPath, options: options)
            }
        }
        counts.withLock { $0.loadingSeconds += duration.seconds }
        return try engine.get()
    }

    private func fail(_ requests: [EmbeddingRequest<[UInt8]>], _ error: EmbeddingError) {
        counts.withLock { $0.failed += requests.count { $0.hasInput } }
        for request in requests { request.answer(.failure(error)) }
    }

    private func serve(_ requests: [EmbeddingRequest<[UInt8]>], with engine: EmbeddingEngine) {
        var images: [(request: EmbeddingRequest<[UInt8]>, bytes: [UInt8])] = []
        for request in requests {
            switch request.work {
            case .load: request.answer(.success(.loaded(engine.modelVersion)))
            case .embed(let bytes): images.append((request, bytes))
            }
        }
        guard !images.isEmpty else { return }
        let outcomes = engine.embed(images.map(\.bytes))
        record(outcomes)
        for (image, outcome) in zip(images, outcomes) { image.request.answer(outcome) }
    }

    private func record(_ outcomes: [Result<EmbeddingAnswer, EmbeddingError>]) {
        counts.withLock { counts in
            counts.batches += 1
            for outcome in outcomes {
                switch outcome {
                case .success(let answer):
                    counts.embedded += 1
                    counts.preprocessingSeconds += answer.preprocessing.seconds
                    counts.towerSeconds += answer.tower.seconds
                case .failure: counts.failed += 1
                }
            }
        }
    }
}

extension Duration {
    /// The duration as a number of seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
