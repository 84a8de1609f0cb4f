// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import Embeddings
internal import EventStorage
internal import Foundation
internal import Imaging
internal import Logging

extension EventProcessor {
    /// How one event fared.
    enum EmbedOutcome: Equatable, Sendable {
        case stored
        case failed(EmbeddingFailure)
        /// Nothing was to do, or nothing could be done now: the event is gone, was ready, or stays pending.
        case skipped
    }

    /// Attempts before a transient failure becomes final, and the seconds before the next one.
    static let retryDelays = [5, 30, 120]

    /// Embeds one claimed event, keeps the outcome with it, and releases the claim.
    ///
    /// An event whose embedding failed before is tried again only with `retriesFailed`.
    @discardableResult
    func embed(_ eventID: String, retriesFailed: Bool = false) async -> EmbedOutcome {
        var outcome = EmbedOutcome.skipped
        do throws(StorageError) {
            outcome = try await embedAndStore(eventID, retriesFailed: retriesFailed)
        } catch {
            // The event stays pending; the backlog finds it when the store works again.
            logger.error(
                "embedding could not be stored",
                metadata: ["event.id": .string(eventID), "error": .string(error.description)])
            await pauseAfterStorageFailure()
        }
        await schedule.release(eventID)
        return outcome
    }

    private func embedAndStore(_ eventID: String, retriesFailed: Bool) async throws(StorageError)
        -> EmbedOutcome
    {
        let clock = ContinuousClock()
        let start = clock.now
        guard let status = try await store.embeddingStatus(eventID: eventID),
            isToDo(status, retriesFailed: retriesFailed),
            let stored = try await store.thumbnail(eventID: eventID)
        else { return .skipped }

        let bytes: [UInt8]
        switch await thumbnailBytes(stored) {
        case .success(let read): bytes = read
        case .failure(let failure): return try await keep(failure, of: eventID, status, .final)
        }
        let loaded = clock.now
        instruments.record(.load, start.duration(to: loaded))

        switch await embedder.embedTimed(batch: [bytes])[0] {
        case .success(let answer):
            let answered = clock.now
            instruments.record(.preprocess, answer.preprocessing)
            instruments.record(.tower, answer.tower)
            instruments.record(.wait, loaded.duration(to: answered) - answer.preprocessing - answer.tower)
            let embedding = Embedding(answer.values, modelVersion: answer.modelVersion)
            guard try await store.storeEmbedding(embedding, eventID: eventID, at: .now()) else {
                return .skipped
            }
            instruments.record(.store, answered.duration(to: clock.now))
            let total = start.duration(to: clock.now)
            instruments.record(.total, total)
            speeds.record(total)
            instruments.count("ok")
            await recurrence.match(eventID, modelVersion: answer.modelVersion)
            return .stored
        case .failure(let error):
            guard error.disposition != .untried else { return .skipped }
            return try await keep(EmbeddingFailure(error), of: eventID, status, error.disposition)
        }
    }

    private func isToDo(_ status: EmbeddingStatus, retriesFailed: Bool) -> Bool {
        switch status.state {
        case .pending: true
        case .failed: retriesFailed
        case .ready: status.modelVersion != modelVersion?.name
        case .noThumbnail: false
        }
    }

    private func keep(
        _ failure: EmbeddingFailure, of eventID: String, _ status: EmbeddingStatus,
        _ disposition: FailureDisposition
    ) async throws(StorageError) -> EmbedOutcome {
        var retryAt: Timestamp?
        if disposition == .transient, status.attempts < Self.retryDelays.count {
            retryAt = .now().adding(seconds: Self.retryDelays[status.attempts])
        }
        guard try await store.recordFailure(failure, eventID: eventID, retryAt: retryAt) else {
            return .skipped
        }
        instruments.count(failure.code)
        logger.warning(
            "embedding failed",
            metadata: [
                "event.id": .string(eventID), "code": .string(failure.code),
                "reason": .string(failure.message),
                "attempt": .stringConvertible(status.attempts + 1),
                "retries": .stringConvertible(retryAt != nil),
            ])
        return .failed(failure)
    }

    private func thumbnailBytes(_ stored: StoredThumbnail) async -> Result<[UInt8], EmbeddingFailure> {
        switch stored {
        case .none: return .failure(.thumbnailMissing)
        case .inline(let base64):
            guard let bytes = InlineThumbnail.bytes(of: base64) else {
                return .failure(
                    EmbeddingFailure(code: "undecodable_image", message: "The row's thumbnail is not base64.")
                )
            }
            return .success(bytes)
        case .file(let spelling):
            guard let location = thumbnails.resolve(spelling) else { return .failure(.thumbnailMissing) }
            let thumbnails = thumbnails
            let limit = embedder.options.limits.maximumByteCount
            let read = try? await FileWork.run { () throws(StorageError) in
                Result { () throws(ThumbnailError) in try thumbnails.read(location, limit: limit) }
            }
            switch read {
            case .success(let bytes): return .success(bytes)
            case .failure(let error): return .failure(EmbeddingFailure(error))
            case nil: return .failure(.thumbnailMissing)
            }
        }
    }

    private func pauseAfterStorageFailure() async {
        try? await Task.sleep(for: .seconds(1))
        await schedule.lookIntoBacklog()
    }
}

extension EmbeddingFailure {
    fileprivate init(_ error: ThumbnailError) {
        switch error {
        case .tooLarge: self.init(code: "image_too_large", message: error.description)
        default: self = .thumbnailMissing
        }
    }
}

extension EmbeddingFailure: Error {}
