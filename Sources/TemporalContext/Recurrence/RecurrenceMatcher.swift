// SPDX-License-Identifier: MIT
package import Embeddings
package import EventStorage

/// Matches events to entities in memory: pictures of one model version, one camera and one type at a time.
///
/// The value holds nothing that the database does not; it is loaded from there and kept in step by its owner.
package struct RecurrenceMatcher: Sendable {
    /// A picture of a camera that shows what its background is.
    package struct Picture: Sendable {
        package let eventID: String
        package let type: EntityType?
        package let values: [Float]

        package init(eventID: String, type: EntityType?, values: [Float]) {
            self.eventID = eventID
            self.type = type
            self.values = values
        }
    }

    /// What an event was found to be.
    package enum Decision: Sendable, Hashable {
        /// Another event of an entity.
        case known(entityID: String, score: Double)
        /// The first event of a new one.
        case new
    }

    private struct Place: Hashable, Sendable {
        let cameraID: String
        let type: EntityType
    }

    private struct Camera: Sendable {
        var pictures: [(eventID: String, type: EntityType?, vector: UnitVector)] = []
        var states = CameraStates.none
        var thresholds: [EntityType: Double] = [:]
        /// The length that most of its vectors have; others, which nothing of ours writes, are not compared.
        var dimension: Int?
    }

    /// The version of all vectors.
    package let modelVersion: ModelVersion
    package let options: RecurrenceOptions
    private var cameras: [String: Camera] = [:]
    private var galleries: [Place: EntityGallery] = [:]

    /// A matcher that knows nothing yet.
    package init(modelVersion: ModelVersion, options: RecurrenceOptions) {
        self.modelVersion = modelVersion
        self.options = options
    }

    // MARK: - Loading

    /// Takes over what is known of a camera, in place of what was known before.
    package mutating func load(cameraID: String, pictures: [Picture], exemplars: [EntityExemplar]) {
        var camera = Camera()
        let lengths = (pictures.map(\.values.count) + exemplars.map(\.values.count)).map { ($0, 1) }
        camera.dimension =
            Dictionary(lengths, uniquingKeysWith: +).max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
        camera.pictures = pictures.suffix(options.sampleSize).compactMap { picture in
            guard picture.values.count == camera.dimension else { return nil }
            return UnitVector(picture.values).map { (picture.eventID, picture.type, $0) }
        }
        fit(&camera)
        cameras[cameraID] = camera
        for type in EntityType.allCases { galleries[Place(cameraID: cameraID, type: type)] = nil }
        for exemplar in exemplars {
            add(
                exemplar.values, eventID: exemplar.eventID, cameraID: cameraID, type: exemplar.entityType,
                to: exemplar.entityID)
        }
    }

    /// Whether anything was loaded of a camera.
    package func knows(cameraID: String) -> Bool { cameras[cameraID] != nil }

    // MARK: - Matching

    /// What an event shows; nil when its vector has no direction.
    package func decide(
        _ values: [Float], cameraID: String, type: EntityType, except excluded: Set<String>
    ) -> Decision? {
        guard let vector = residual(values, cameraID) else { return nil }
        let place = Place(cameraID: cameraID, type: type)
        guard let match = galleries[place]?.best(for: vector, except: excluded),
            Double(match.score) >= threshold(cameraID: cameraID, type: type)
        else { return .new }
        return .known(entityID: match.entityID, score: Self.rounded(match.score))
    }

    /// How much a vector looks like an entity at a camera; nil when the entity was not seen there.
    package func score(
        _ values: [Float], cameraID: String, type: EntityType, entityID: String
    ) -> Double? {
        guard let vector = residual(values, cameraID) else { return nil }
        return galleries[Place(cameraID: cameraID, type: type)]?.score(of: vector, against: entityID).map(
            Self.rounded)
    }

    /// Another entity that looks like one.
    package struct Resemblance: Sendable, Hashable {
        package let entityID: String
        /// −1…1, at the camera where they are most alike.
        package let score: Double
        /// The score from which an event is an entity's there.
        package let threshold: Double
    }

    /// Entities of the same type that could be the same as one, the most alike first.
    ///
    /// Each counts where its score stands highest above the camera's threshold.
    package func resemblances(of entityID: String, count: Int) -> [Resemblance] {
        var best: [String: Resemblance] = [:]
        for (place, gallery) in galleries {
            let threshold = threshold(cameraID: place.cameraID, type: place.type)
            for match in gallery.alike(entityID, count: count) {
                let found = Resemblance(
                    entityID: match.entityID, score: Self.rounded(match.score), threshold: threshold)
                let known = best[match.entityID]
                if known.map({ $0.margin < found.margin }) ?? true { best[match.entityID] = found }
            }
        }
        let all = best.values.sorted { ($1.margin, $0.entityID) < ($0.margin, $1.entityID) }
        return Array(all.prefix(count))
    }

    /// Whether some picture of an entity fits the rest of it so badly that it would not be matched to it now.
    package func isLoose(_ entityID: String) -> Bool {
        galleries.contains { place, gallery in
            gallery.leastScore(of: entityID).map {
                Double($0) < threshold(cameraID: place.cameraID, type: place.type)
            } ?? false
        }
    }

    /// The score from which an event is an entity's.
    package func threshold(cameraID: String, type: EntityType) -> Double {
        guard let camera = cameras[cameraID], !camera.states.centers.isEmpty else {
            return options.coldThreshold
        }
        return options.threshold ?? camera.thresholds[type] ?? options.highestThreshold
    }

    static func rounded(_ score: Float) -> Double {
        (Double(min(1, max(-1, score))) * 10_000).rounded() / 10_000
    }

    func residual(_ values: [Float], _ cameraID: String) -> UnitVector? {
        let camera = cameras[cameraID]
        guard values.count == camera?.dimension ?? values.count, let picture = UnitVector(values) else {
            return nil
        }
        return (camera?.states ?? .none).residual(of: picture)
    }

    // MARK: - Keeping in step

    /// Adds an event's vector to what stands for an entity.
    package mutating func add(
        _ values: [Float], eventID: String, cameraID: String, type: EntityType, to entityID: String
    ) {
        guard let vector = residual(values, cameraID) else { return }
        galleries[
            Place(cameraID: cameraID, type: type), default: EntityGallery(limit: options.exemplarLimit)
        ].add(vector, of: eventID, to: entityID)
    }

    /// Takes an entity out.
    package mutating func remove(entityID: String) {
        for place in galleries.keys { galleries[place]?.remove(entityID: entityID) }
    }

    /// Adds a picture to the camera's background.
    ///
    /// - Returns: Whether it was not there yet.
    package mutating func see(_ picture: Picture, cameraID: String) -> Bool {
        var camera = cameras[cameraID] ?? Camera()
        let dimension = camera.dimension ?? picture.values.count
        guard picture.values.count == dimension, let vector = UnitVector(picture.values) else { return false }
        cameras[cameraID] = nil
        defer { cameras[cameraID] = camera }
        camera.dimension = dimension
        if let known = camera.pictures.firstIndex(where: { $0.eventID == picture.eventID }) {
            camera.pictures[known].vector = vector
            return false
        }
        camera.pictures.append((picture.eventID, picture.type, vector))
        return true
    }

    /// Whether there are so many new pictures that the camera's events should be grouped anew: a sixteenth of them.
    ///
    /// - Parameters:
    ///   - cameraID: The camera.
    ///   - freshCount: Pictures since they were last grouped; nil where that is not known.
    /// - Returns: False also where too little is known of the camera for any grouping.
    package func isRegroupingDue(cameraID: String, freshCount: Int?) -> Bool {
        let count = cameras[cameraID]?.pictures.count ?? 0
        guard count >= options.leastSample else { return false }
        guard let freshCount else { return true }
        return freshCount >= max(4, min(count - freshCount, options.sampleSize) / 16)
    }

    // MARK: - Calibration

    private func fit(_ camera: inout Camera) {
        guard camera.pictures.count >= options.leastSample else { return }
        camera.states = CameraStates(of: camera.pictures.map(\.vector), limit: options.stateLimit)
        for type in EntityType.allCases {
            let residuals = camera.pictures.filter { $0.type == type }.compactMap {
                camera.states.residual(of: $0.vector)
            }
            camera.thresholds[type] = calibrated(residuals)
        }
    }

    /// The threshold above the cosines of unrelated pairs.
    ///
    /// Which pairs are unrelated is not known; but whoever comes back makes cosines larger, never smaller. So the
    /// width of the unrelated ones is taken from below their median.
    private func calibrated(_ residuals: [UnitVector]) -> Double? {
        guard residuals.count >= 5 else { return nil }
        var cosines: [Double] = []
        for second in residuals.indices.suffix(192) {
            for first in residuals.indices.suffix(192) where first < second {
                cosines.append(Double(residuals[first].cosine(residuals[second])))
            }
        }
        let background = CosineBackground(cosines)
        guard let median = background.quantile(0.5), let low = background.quantile(0.16) else { return nil }
        let calibrated = median + options.spread * (median - low)
        return min(options.highestThreshold, max(options.lowestThreshold, calibrated))
    }
}

extension RecurrenceMatcher.Resemblance {
    /// How far the score stands above the threshold; negative below it.
    package var margin: Double { score - threshold }
}
