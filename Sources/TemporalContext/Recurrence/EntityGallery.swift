// SPDX-License-Identifier: MIT

/// What the entities of one type look like at one camera: a few vectors of each and their mean direction.
///
/// An event's score against an entity is half the cosine to its nearest vector and half that to its mean: the nearest
/// follows an entity through states of light, the mean keeps chains of likenesses from growing.
struct EntityGallery: Sendable {
    /// The best entity for a vector.
    struct Match: Sendable, Hashable {
        let entityID: String
        /// −1…1.
        let score: Float
    }

    private struct Exemplar: Sendable {
        let eventID: String
        let vector: UnitVector
    }

    private var identifiers: [String] = []
    private var places: [String: Int] = [:]
    private var exemplars: [[Exemplar]] = []
    /// Mean directions, one after the other.
    private var means: [UnitVector.Lanes] = []
    private var width = 0
    private let limit: Int

    /// An empty gallery that keeps `limit` vectors of an entity.
    init(limit: Int) { self.limit = max(1, limit) }

    /// Number of entities.
    var count: Int { identifiers.count }

    // MARK: - Matching

    /// The entity that `vector` looks most like, the first added of equals; nil when there is none.
    ///
    /// - Complexity: O(entities × dimension); nearest vectors are looked at only where they could decide.
    func best(for vector: UnitVector, except excluded: Set<String> = []) -> Match? {
        let cosines = cosines(to: vector)
        var best: (place: Int, score: Float)?
        for (place, cosine) in cosines.enumerated() {
            // The nearest vector's cosine is at most 1.
            if let best, (cosine + 1) / 2 <= best.score { continue }
            let kept = exemplars[place]
            let score = kept.count == 1 ? cosine : (cosine + nearest(to: vector, among: kept)) / 2
            guard score > best?.score ?? -.infinity, !excluded.contains(identifiers[place]) else { continue }
            best = (place, score)
        }
        return best.map { Match(entityID: identifiers[$0.place], score: $0.score) }
    }

    /// The score of `vector` against one entity; nil when it is not here.
    func score(of vector: UnitVector, against entityID: String) -> Float? {
        guard let place = places[entityID] else { return nil }
        return (UnitVector.dot(mean(place), vector.lanes) + nearest(to: vector, among: exemplars[place])) / 2
    }

    /// The entities that look most like one of them, best first; nothing when it is not here.
    ///
    /// The score is half the cosine of the two mean directions and half that of the two nearest vectors.
    ///
    /// - Complexity: O(entities × dimension); vectors are compared for twice `count` of them only.
    func alike(_ entityID: String, count: Int) -> [Match] {
        guard let place = places[entityID] else { return [] }
        let cosines = cosines(to: mean(place))
        let candidates = cosines.indices.filter { $0 != place }.sorted {
            (cosines[$1], identifiers[$0]) < (cosines[$0], identifiers[$1])
        }
        let matches = candidates.prefix(2 * count).map { other in
            let closest = exemplars[place].reduce(-1 as Float) {
                max($0, nearest(to: $1.vector, among: exemplars[other]))
            }
            return Match(entityID: identifiers[other], score: (cosines[other] + closest) / 2)
        }
        return Array(matches.sorted { ($1.score, $0.entityID) < ($0.score, $1.entityID) }.prefix(count))
    }

    /// The score of the vector of an entity that fits the rest of it least; nil for fewer than two.
    func leastScore(of entityID: String) -> Float? {
        guard let place = places[entityID], exemplars[place].count > 1 else { return nil }
        let kept = exemplars[place]
        return kept.map { one in
            let rest = kept.filter { $0.eventID != one.eventID }
            return (UnitVector.dot(mean(place), one.vector.lanes) + nearest(to: one.vector, among: rest)) / 2
        }.min()
    }

    private func mean(_ place: Int) -> [UnitVector.Lanes] {
        Array(means[place * width..<(place + 1) * width])
    }

    private func cosines(to vector: UnitVector) -> [Float] { cosines(to: vector.lanes) }

    private func cosines(to lanes: [UnitVector.Lanes]) -> [Float] {
        guard lanes.count == width else { return [] }
        var cosines = [Float](repeating: 0, count: identifiers.count)
        for place in identifiers.indices {
            var sum = UnitVector.Lanes.zero
            let start = place * width
            for lane in 0..<width { sum += means[start + lane] * lanes[lane] }
            cosines[place] = sum.sum()
        }
        return cosines
    }

    private func nearest(to vector: UnitVector, among exemplars: [Exemplar]) -> Float {
        exemplars.reduce(-1) { max($0, $1.vector.cosine(vector)) }
    }

    // MARK: - Changing

    /// Adds a vector of an event of an entity.
    ///
    /// Beyond the limit the vector goes that says least: one of the two that are most alike.
    mutating func add(_ vector: UnitVector, of eventID: String, to entityID: String) {
        if identifiers.isEmpty { width = vector.lanes.count }
        guard vector.lanes.count == width else { return }
        let place = places[entityID] ?? append(entityID)
        exemplars[place].removeAll { $0.eventID == eventID }
        exemplars[place].append(Exemplar(eventID: eventID, vector: vector))
        if exemplars[place].count > limit { dropLeastTelling(place) }
        updateMean(place)
    }

    /// Takes an entity out.
    mutating func remove(entityID: String) {
        guard let place = places.removeValue(forKey: entityID) else { return }
        let last = identifiers.count - 1
        if place != last {
            identifiers[place] = identifiers[last]
            exemplars[place] = exemplars[last]
            for lane in 0..<width { means[place * width + lane] = means[last * width + lane] }
            places[identifiers[place]] = place
        }
        identifiers.removeLast()
        exemplars.removeLast()
        means.removeLast(width)
    }

    private mutating func append(_ entityID: String) -> Int {
        places[entityID] = identifiers.count
        identifiers.append(entityID)
        exemplars.append([])
        means += Array(repeating: .zero, count: width)
        return identifiers.count - 1
    }

    private mutating func updateMean(_ place: Int) {
        var sum = [UnitVector.Lanes](repeating: .zero, count: width)
        for exemplar in exemplars[place] { UnitVector.add(exemplar.vector.lanes, to: &sum) }
        let mean = UnitVector(lanes: sum)?.lanes ?? sum
        for lane in 0..<width { means[place * width + lane] = mean[lane] }
    }

    private mutating func dropLeastTelling(_ place: Int) {
        let kept = exemplars[place]
        var closest: (index: Int, cosine: Float) = (0, -.infinity)
        for second in kept.indices {
            for first in 0..<second {
                let cosine = kept[first].vector.cosine(kept[second].vector)
                if cosine > closest.cosine { closest = (first, cosine) }
            }
        }
        exemplars[place].remove(at: closest.index)
    }
}
