// SPDX-License-Identifier: MIT
package import EmbeddingService
package import Embeddings
package import EventStorage
package import Foundation
package import Logging
internal import ServiceLifecycle
package import TemporalContext

/// Takes an event from the request to its row, and from its row to its embedding.
///
///     receive → thumbnail on disk → row committed → acknowledged → embedded → embedding row
///
/// An event that is acknowledged is on disk. What happens to its embedding afterwards never harms it: a failure is
/// kept with the event as its state, and after a crash what was pending is embedded by the next process.
package final class EventProcessor: Sendable {
    package let store: EventStore
    package let thumbnails: ThumbnailStore
    package let embedder: ImageEmbedder
    package let options: Options
    let instruments: ProcessingInstruments
    let logger: Logger
    let schedule: EmbeddingSchedule
    let recurrence: RecurrenceService
    /// How long the last embeddings took.
    package let speeds = RecentSpeeds()
    private let identifiers = KeyedLock()

    /// How events are processed.
    package struct Options: Sendable {
        /// Where new thumbnails go.
        package var thumbnailMode = ThumbnailMode.file
        /// How long the backlog of an earlier process waits after the start, and after a client's batch.
        package var backlogRest = Duration.seconds(3)
        /// Days that events are kept; 0 keeps them.
        package var retentionDays = 0
        /// Whose clock tells the usual hours of a camera.
        package var timeZone = TimeZone.current
        /// How events are matched to visitors and vehicles.
        package var recurrence = RecurrenceOptions()

        package init() {}
    }

    /// - Parameters:
    ///   - store: The open database.
    ///   - thumbnails: The directory beside it.
    ///   - embedder: The engine, loaded or not.
    ///   - instruments: Counts and times.
    ///   - logger: Takes what happens; never pictures.
    ///   - options: Where thumbnails go, and for how long.
    package init(
        store: EventStore, thumbnails: ThumbnailStore, embedder: ImageEmbedder,
        instruments: ProcessingInstruments, logger: Logger, options: Options = Options()
    ) {
        self.store = store
        self.thumbnails = thumbnails
        self.embedder = embedder
        self.instruments = instruments
        self.logger = logger
        self.options = options
        schedule = EmbeddingSchedule(backlogRest: options.backlogRest)
        recurrence = RecurrenceService(store: store, options: options.recurrence, logger: logger)
    }

    // MARK: - Receiving

    /// Stores an event and its thumbnail durably, then has it embedded.
    ///
    /// - Returns: The outcome of the insertion; `.existing` for a retry of the same content, `.conflict` for another
    ///   content under the same identifier.
    /// - Throws: ``StorageError``; then neither a row nor a file remains.
    package func receive(_ received: ReceivedEvent) async throws(StorageError) -> InsertOutcome {
        // A retry may come while the first attempt is still being stored; one after the other they cannot overwrite
        // each other's file.
        let id = received.id ?? UUID().uuidString.lowercased()
        return try await identifiers.withLock(id) { () async throws(StorageError) in
            try await self.receive(received, as: id)
        }
    }

    private func receive(_ received: ReceivedEvent, as id: String) async throws(StorageError) -> InsertOutcome
    {
        let clock = ContinuousClock()
        var mark = clock.now
        let digest = received.contentDigest
        instruments.record(.digest, mark.duration(to: clock.now))

        if received.id != nil, let outcome = try await store.outcome(forRetryOf: id, contentDigest: digest) {
            return outcome
        }
        mark = clock.now
        async let anomaly = anomaly(of: received)
        let placed = try await place(received, id: id)
        instruments.record(.thumbnail, mark.duration(to: clock.now))

        let event = NewEvent(
            received, id: id, thumbnail: placed.thumbnail, file: placed.location?.relativePath,
            digest: digest, anomaly: await anomaly)
        mark = clock.now
        let outcome: InsertOutcome
        do throws(StorageError) {
            outcome = try await store.insert(event)
        } catch {
            if let written = placed.written { discard(written) }
            throw error
        }
        instruments.record(.commit, mark.duration(to: clock.now))
        if case .created(let event) = outcome, event.embeddingState == .pending { await schedule.arrive(id) }
        return outcome
    }

    private struct Placed: Sendable {
        var thumbnail = StoredThumbnail.none
        var location: ThumbnailLocation?
        /// The file that was made for this event and goes if its row cannot be stored.
        var written: ThumbnailLocation?
    }

    private func place(_ received: ReceivedEvent, id: String) async throws(StorageError) -> Placed {
        switch received.thumbnail {
        case .none: return Placed()
        case .file(let location, let spelling):
            return Placed(thumbnail: .file(spelling), location: location)
        case .bytes(let bytes) where options.thumbnailMode == .database:
            return Placed(thumbnail: .inline(base64: Data(bytes).base64EncodedString()))
        case .bytes(let bytes):
            let name = "\(received.timestamp.day)/\(id).\(ThumbnailType(of: bytes).fileExtension)"
            guard let location = thumbnails.resolve(name) else {
                throw .io(detail: "There is no place for the thumbnail of event \(id).")
            }
            let thumbnails = thumbnails
            try await FileWork.run { () throws(StorageError) in try thumbnails.write(bytes, as: location) }
            return Placed(thumbnail: .file("thumbnails/\(name)"), location: location, written: location)
        }
    }

    private func discard(_ location: ThumbnailLocation) {
        do {
            try thumbnails.delete(location)
        } catch {
            logger.warning(
                "thumbnail of an event that was not stored is left behind",
                metadata: ["error": .string(error.description)])
        }
    }

    // MARK: - Waiting and deleting

    /// Waits until the event's embedding is ready and matched, or failed, at most `limit`.
    package func waitUntilSettled(_ eventID: String, atMost limit: Duration) async throws(StorageError) {
        let end = ContinuousClock.now + limit
        var hasBeenReleased = false
        while !Task.isCancelled {
            let released = await schedule.releases(of: eventID)
            let isMatched = hasBeenReleased ? true : try await isMatched(eventID)
            guard try await store.embeddingStatus(eventID: eventID)?.state == .pending || !isMatched else {
                return
            }
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero, await !schedule.hasClosed else { return }
            await withTaskGroup { group in
                group.addTask { for await _ in released {} }
                group.addTask { try? await Task.sleep(for: left) }
                await group.next()
                group.cancelAll()
            }
            hasBeenReleased = true
        }
    }

    /// Whether matching has dealt with the event, or will not.
    private func isMatched(_ eventID: String) async throws(StorageError) -> Bool {
        guard options.recurrence.isEnabled else { return true }
        return try await !store.isWaitingForMatch(eventID: eventID)
    }

    /// Deletes the event with its embedding, its links and its thumbnail.
    ///
    /// - Returns: False when there is no such event.
    package func delete(eventID: String) async throws(StorageError) -> Bool {
        guard try await store.delete(eventID: eventID) else { return false }
        await deleteJournaledFiles()
        return true
    }

    /// Deletes the files of events that are gone; what cannot be deleted stays in the journal.
    package func deleteJournaledFiles() async {
        do throws(StorageError) {
            while true {
                let files = try await store.filesToDelete(limit: 100)
                guard !files.isEmpty else { return }
                let thumbnails = thumbnails
                try await FileWork.run { () throws(StorageError) in
                    for file in files {
                        if let location = thumbnails.resolve(file) { try thumbnails.delete(location) }
                    }
                }
                try await store.filesDeleted(files)
            }
        } catch {
            logger.warning(
                "thumbnails of deleted events could not be removed yet",
                metadata: ["error": .string(error.description)])
        }
    }

    /// The version of the weights in use; nil while there are none.
    package var modelVersion: ModelVersion? { embedder.modelVersion }
}

extension NewEvent {
    fileprivate init(
        _ received: ReceivedEvent, id: String, thumbnail: StoredThumbnail, file: String?, digest: String,
        anomaly: Anomaly?
    ) {
        self.init(
            id: id, cameraID: received.cameraID, timestamp: received.timestamp,
            description: received.description, confidence: received.confidence,
            objectsDetected: received.objectsDetected, thumbnail: thumbnail, thumbnailFile: file,
            alertTriggered: received.alertTriggered, sourceType: received.sourceType,
            smartDetectionType: received.smartDetectionType, isDoorbellRing: received.isDoorbellRing,
            contentDigest: digest, createdAt: .now(), anomaly: anomaly)
    }
}
