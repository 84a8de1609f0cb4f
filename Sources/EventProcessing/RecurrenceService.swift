// SPDX-License-Identifier: MIT
internal import Embeddings
internal import EventStorage
internal import Foundation
internal import Logging
internal import TemporalContext

/// Matches embedded events to entities, one batch after the other.
///
/// What is to do stands in the database (`recurrence_queue`); this actor only knows who waits for it. The matcher is
/// loaded camera by camera when first needed, and again after every decision of the owner, which may come from
/// another process as well.
actor RecurrenceService {
    private let store: EventStore
    private let options: RecurrenceOptions
    private let logger: Logger
    private var matcher: RecurrenceMatcher?
    private var waiting: [String] = []
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var isDraining = false
    private var isOutdated = false
    private var failure: StorageError?

    private static let batchSize = 64

    init(store: EventStore, options: RecurrenceOptions, logger: Logger) {
        self.store = store
        self.options = options
        self.logger = logger
    }

    /// Matches an event that has just been embedded; returns when that is done or has failed.
    ///
    /// A failure leaves the event in the queue.
    func match(_ eventID: String, modelVersion: ModelVersion) async {
        guard options.isEnabled else { return }
        waiting.append(eventID)
        guard !isDraining else {
            await withCheckedContinuation { waiters.append($0) }
            return
        }
        await drain(modelVersion)
    }

    /// Matches what an earlier process left in the queue.
    ///
    /// - Returns: Number of events taken out of the queue.
    func catchUp(modelVersion: ModelVersion) async throws(StorageError) -> Int {
        guard options.isEnabled else { return 0 }
        let queue = try await store.recurrenceQueue(version: modelVersion, limit: Self.batchSize)
        guard !queue.isEmpty, !isDraining else { return 0 }
        waiting += queue
        await drain(modelVersion)
        if let failure { throw failure }
        return queue.count
    }

    /// Has what is in memory loaded again, after somebody changed entities.
    func reload() { isOutdated = true }

    /// How much an event looks like an entity: 1 for the first event of one, 0 where they cannot be compared.
    func score(eventID: String, entityID: String) async throws(StorageError) -> Double {
        guard let entity = try await store.entity(id: entityID) else { return 0 }
        if entity.occurrenceCount == 0 { return 1 }
        guard let candidate = try await store.recurrenceCandidate(eventID: eventID),
            let embedding = candidate.embedding
        else { return 0 }
        if let matcher, matcher.modelVersion == embedding.modelVersion,
            let score = matcher.score(
                embedding.values, cameraID: candidate.cameraID, type: entity.entityType, entityID: entityID)
        {
            return score
        }
        return 0
    }

    private func drain(_ version: ModelVersion) async {
        isDraining = true
        failure = nil
        while !waiting.isEmpty {
            let batch = Array(waiting.prefix(Self.batchSize))
            waiting.removeFirst(batch.count)
            let answered = waiters
            waiters = []
            do throws(StorageError) {
                for id in batch { try await matchOne(id, version) }
            } catch {
                logger.error(
                    "events could not be matched to visitors",
                    metadata: ["error": .string(error.description)])
                failure = error
                isOutdated = true
            }
            for waiter in answered { waiter.resume() }
        }
        isDraining = false
        let answered = waiters
        waiters = []
        for waiter in answered { waiter.resume() }
    }

    private func matchOne(_ eventID: String, _ version: ModelVersion) async throws(StorageError) {
        guard let candidate = try await store.recurrenceCandidate(eventID: eventID) else { return }
        guard let embedding = candidate.embedding else {
            return try await store.skipRecurrence(eventID: eventID)
        }
        // It waits until these weights are used again, or its vector is replaced.
        guard embedding.modelVersion == version else { return }
        try await prepare(candidate.cameraID, version)
        let type = EntityType(
            objectsDetected: candidate.objectsDetected, smartDetectionType: candidate.smartDetectionType)
        let picture = RecurrenceMatcher.Picture(eventID: eventID, type: type, values: embedding.values)
        let isDue = matcher?.see(picture, cameraID: candidate.cameraID) ?? false
        if isDue { try await regroup(candidate.cameraID, version) }
        guard candidate.entityID == nil, !candidate.isExcluded, let type,
            let decision = matcher?.decide(
                embedding.values, cameraID: candidate.cameraID, type: type,
                except: candidate.excludedEntityIDs)
        else {
            if let entity = candidate.entityID, let type {
                matcher?.add(
                    embedding.values, eventID: eventID, cameraID: candidate.cameraID, type: type, to: entity)
            }
            return try await store.skipRecurrence(eventID: eventID)
        }
        try await keep(decision, candidate, embedding, type)
    }

    private func keep(
        _ decision: RecurrenceMatcher.Decision, _ candidate: RecurrenceCandidate, _ embedding: Embedding,
        _ type: EntityType
    ) async throws(StorageError) {
        let new = UUID().uuidString.lowercased()
        var entity: String?
        var score = 1.0
        if case .known(let id, let its) = decision { (entity, score) = (id, its) }
        let outcome = try await store.storeMatch(
            eventID: candidate.eventID, entityID: entity, newID: new, type: type, score: score)
        switch outcome {
        case .linked:
            matcher?.add(
                embedding.values, eventID: candidate.eventID, cameraID: candidate.cameraID, type: type,
                to: entity ?? new)
        case .wasLinked, .eventGone: break
        case .entityGone:
            // Somebody else has changed entities; what is in memory is out of date.
            isOutdated = true
            waiting.append(candidate.eventID)
        }
    }

    private func prepare(_ cameraID: String, _ version: ModelVersion) async throws(StorageError) {
        if matcher?.modelVersion != version || isOutdated {
            isOutdated = false
            matcher = RecurrenceMatcher(modelVersion: version, options: options)
        }
        if matcher?.knows(cameraID: cameraID) != true { try await load(cameraID, version) }
    }

    /// Loads what is known of a camera.
    private func load(_ cameraID: String, _ version: ModelVersion) async throws(StorageError) {
        let sample = try await store.backgroundSample(
            cameraID: cameraID, version: version, limit: options.sampleSize)
        let exemplars = try await store.exemplars(
            version: version, cameraID: cameraID, limit: options.exemplarLimit)
        matcher?.load(cameraID: cameraID, pictures: sample.map(Self.picture), exemplars: exemplars)
    }

    /// Finds the camera's states anew, and groups its latest events by what is special about them now.
    private func regroup(_ cameraID: String, _ version: ModelVersion) async throws(StorageError) {
        try await load(cameraID, version)
        let sample = try await store.backgroundSample(
            cameraID: cameraID, version: version, limit: options.sampleSize)
        guard let matcher else { return }
        let linked = sample.compactMap(Self.linkedPicture)
        let moved = await Task.detached {
            matcher.regroup(cameraID: cameraID, pictures: linked) { UUID().uuidString.lowercased() }
        }.value
        guard !moved.isEmpty else { return }
        try await store.regroup(moved)
        logger.debug(
            "events of a camera regrouped",
            metadata: [
                "camera": .string(cameraID), "events": .stringConvertible(linked.count),
                "moved": .stringConvertible(moved.count),
            ])
        try await load(cameraID, version)
    }

    private static func picture(_ picture: BackgroundPicture) -> RecurrenceMatcher.Picture {
        RecurrenceMatcher.Picture(
            eventID: picture.eventID,
            type: EntityType(
                objectsDetected: picture.objectsDetected, smartDetectionType: picture.smartDetectionType),
            values: picture.values)
    }

    private static func linkedPicture(_ picture: BackgroundPicture) -> RecurrenceMatcher.LinkedPicture? {
        guard let entity = picture.entityID,
            let type = EntityType(
                objectsDetected: picture.objectsDetected, smartDetectionType: picture.smartDetectionType)
        else { return nil }
        return RecurrenceMatcher.LinkedPicture(
            eventID: picture.eventID, type: type, values: picture.values, entityID: entity,
            isFixed: picture.isFixed, excluded: picture.excludedEntityIDs)
    }
}
