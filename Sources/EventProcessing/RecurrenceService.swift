// SPDX-License-Identifier: MIT
internal import Embeddings
internal import EventStorage
internal import Foundation
internal import Logging
internal import TemporalContext

/// Matches embedded events to entities, one batch after the other.
///
/// What is to do stands in the database (`recurrence_queue`); this actor only knows who waits for it. The matcher is
/// loaded camera by camera when first needed, and again after every decision of the owner. One process at a time
/// matches: what another one embeds waits in the queue.
actor RecurrenceService {
    private let store: EventStore
    private let options: RecurrenceOptions
    private let logger: Logger
    private var matcher: RecurrenceMatcher?
    /// Events that somebody waits for, before those of the backlog.
    private var arrivals: [String] = []
    private var backlog: ArraySlice<String> = []
    /// Pictures of a camera since its events were last grouped; none for one not grouped by this process.
    private var freshCounts: [String: Int] = [:]
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var isDraining = false
    private var isOutdated = false
    private var failure: StorageError?

    private static let batchSize = 64
    /// Events of the backlog that are read at once: reading orders the whole queue by time.
    private static let pageSize = 4096
    /// Events in a row that may fail before the rest is left for later.
    private static let failureLimit = 3

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
        arrivals.append(eventID)
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
        guard !isDraining else { return 0 }
        let queue = try await store.recurrenceQueue(version: modelVersion, limit: Self.pageSize)
        guard !queue.isEmpty, !isDraining else { return 0 }
        backlog = queue[...]
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
        // Never a matcher of other weights, into which a match that begins meanwhile would put its vectors.
        if !isDraining, matcher?.modelVersion == embedding.modelVersion {
            try await prepare(candidate.cameraID, embedding.modelVersion)
        }
        if let matcher, matcher.modelVersion == embedding.modelVersion,
            let score = matcher.score(
                embedding.values, cameraID: candidate.cameraID, type: entity.entityType, entityID: entityID)
        {
            return score
        }
        return 0
    }

    /// Entities that could be the same as one, the most alike first, and whether that one is itself loose.
    ///
    /// While events are being matched, only cameras are looked at that matching has loaded.
    func resemblances(
        of entityID: String, modelVersion: ModelVersion, count: Int
    ) async throws(StorageError) -> (found: [RecurrenceMatcher.Resemblance], isLoose: Bool) {
        let cameras = try await store.cameras(ofEntity: entityID)
        for camera in cameras where !isDraining { try await prepare(camera, modelVersion) }
        guard let matcher, matcher.modelVersion == modelVersion else { return ([], false) }
        return (matcher.resemblances(of: entityID, count: count), matcher.isLoose(entityID))
    }

    private func drain(_ version: ModelVersion) async {
        isDraining = true
        failure = nil
        while !arrivals.isEmpty || !backlog.isEmpty {
            // The queue keeps what a process that stops has not come to.
            if Task.isCancelled { backlog = [] }
            // Whoever waits now waits for one of the arrivals.
            let batch = arrivals.isEmpty ? Array(backlog.prefix(Self.batchSize)) : arrivals
            if arrivals.isEmpty { backlog = backlog.dropFirst(batch.count) }
            arrivals = []
            let answered = waiters
            waiters = []
            await matchAll(batch, version)
            for waiter in answered { waiter.resume() }
        }
        isDraining = false
    }

    private func matchAll(_ batch: [String], _ version: ModelVersion) async {
        var failedCount = 0
        for id in batch {
            do throws(StorageError) {
                try await match(id, version)
                failedCount = 0
            } catch {
                logger.error(
                    "an event could not be matched to visitors; it stays in the queue",
                    metadata: ["event": .string(id), "error": .string(error.description)])
                failure = error
                isOutdated = true
                failedCount += 1
                guard failedCount < Self.failureLimit else { return backlog = [] }
            }
        }
    }

    private func match(_ eventID: String, _ version: ModelVersion) async throws(StorageError) {
        // The entity may go between the match and storing it; then what is in memory is out of date.
        for _ in 0..<3 {
            guard try await !tryMatch(eventID, version) else { return }
            isOutdated = true
        }
    }

    /// - Returns: False when the entity has gone that the event was found to be.
    private func tryMatch(_ eventID: String, _ version: ModelVersion) async throws(StorageError) -> Bool {
        guard let candidate = try await store.recurrenceCandidate(eventID: eventID) else { return true }
        guard let embedding = candidate.embedding else {
            try await store.skipRecurrence(eventID: eventID)
            return true
        }
        // It waits until these weights are used again, or its vector is replaced.
        guard embedding.modelVersion == version else { return true }
        try await prepare(candidate.cameraID, version)
        let type = EntityType(
            objectsDetected: candidate.objectsDetected, smartDetectionType: candidate.smartDetectionType)
        try await see(
            RecurrenceMatcher.Picture(eventID: eventID, type: type, values: embedding.values),
            candidate.cameraID, version)
        guard candidate.entityID == nil, !candidate.isExcluded, let type,
            let decision = matcher?.decide(
                embedding.values, cameraID: candidate.cameraID, type: type,
                except: candidate.excludedEntityIDs)
        else {
            if let entity = candidate.entityID, let type {
                matcher?.add(
                    embedding.values, eventID: eventID, cameraID: candidate.cameraID, type: type, to: entity)
            }
            try await store.skipRecurrence(eventID: eventID)
            return true
        }
        return try await keep(decision, candidate, embedding, type)
    }

    /// Adds a picture to its camera's background, and regroups the camera's events where that is due.
    private func see(
        _ picture: RecurrenceMatcher.Picture, _ cameraID: String, _ version: ModelVersion
    ) async throws(StorageError) {
        let isNew = matcher?.see(picture, cameraID: cameraID) ?? false
        if isNew, let count = freshCounts[cameraID] { freshCounts[cameraID] = count + 1 }
        guard matcher?.isRegroupingDue(cameraID: cameraID, freshCount: freshCounts[cameraID]) ?? false else {
            return
        }
        try await regroup(cameraID, version)
        freshCounts[cameraID] = 0
    }

    private func keep(
        _ decision: RecurrenceMatcher.Decision, _ candidate: RecurrenceCandidate, _ embedding: Embedding,
        _ type: EntityType
    ) async throws(StorageError) -> Bool {
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
        case .entityGone: return false
        }
        return true
    }

    private func prepare(_ cameraID: String, _ version: ModelVersion) async throws(StorageError) {
        if matcher?.modelVersion != version || isOutdated {
            isOutdated = false
            matcher = RecurrenceMatcher(modelVersion: version, options: options)
        }
        if matcher?.knows(cameraID: cameraID) != true { try await load(cameraID, version) }
    }

    /// Loads what is known of a camera.
    ///
    /// - Returns: Its latest pictures.
    @discardableResult
    private func load(_ cameraID: String, _ version: ModelVersion) async throws(StorageError)
        -> [BackgroundPicture]
    {
        let sample = try await store.backgroundSample(
            cameraID: cameraID, version: version, limit: options.sampleSize)
        try await load(sample, cameraID, version)
        return sample
    }

    private func load(
        _ sample: [BackgroundPicture], _ cameraID: String, _ version: ModelVersion
    ) async throws(StorageError) {
        let exemplars = try await store.exemplars(
            version: version, cameraID: cameraID, limit: options.exemplarLimit)
        matcher?.load(cameraID: cameraID, pictures: sample.map(Self.picture), exemplars: exemplars)
    }

    /// Finds the camera's states anew, and groups its latest events by what is special about them now.
    private func regroup(_ cameraID: String, _ version: ModelVersion) async throws(StorageError) {
        let sample = try await load(cameraID, version)
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
        try await load(sample, cameraID, version)
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
                objectsDetected: picture.objectsDetected, smartDetectionType: picture.smartDetectionType),
            // A van that the owner put to a courier, a person, does not draw other vans there.
            picture.entityType == type
        else { return nil }
        return RecurrenceMatcher.LinkedPicture(
            eventID: picture.eventID, type: type, values: picture.values, entityID: entity,
            isFixed: picture.isFixed, excluded: picture.excludedEntityIDs,
            entityEventCount: picture.entityEventCount)
    }
}
