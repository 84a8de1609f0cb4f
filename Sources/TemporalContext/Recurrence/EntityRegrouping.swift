// SPDX-License-Identifier: MIT

/// Groups the events of one camera and type anew, once more is known of what the camera's pictures have in common.
///
/// First each event in the order of time joins the group it looks most like, or starts one; then the two groups that
/// look most alike become one, as long as there are such. Events and entities that the owner has decided about stay
/// as they are; groups form around them.
struct EntityRegrouping {
    /// An event with an entity.
    struct Member: Sendable {
        let eventID: String
        let vector: UnitVector
        let entityID: String
        /// Whether it stays where it is.
        let isFixed: Bool
        let excluded: Set<String>
        /// Events of its entity, those that are not looked at here included.
        var entityEventCount = 0
    }

    private struct Group {
        /// The owner's entity, which keeps its identifier.
        var entityID: String?
        var members: [Member]
        var mean: UnitVector
    }

    private let threshold: Float
    private var groups: [Group] = []

    /// Groups `members`, which are in the order of time.
    ///
    /// - Complexity: O(members² × dimension)
    init(_ members: [Member], threshold: Double) {
        self.threshold = Float(threshold)
        for member in members where member.isFixed { place(member, in: member.entityID) }
        for member in members where !member.isFixed { place(member) }
        consolidate()
    }

    /// Which members go to which other entity, with how much they look like it; nil stands for a new entity, another
    /// one in each element of the list.
    func moves() -> [(entityID: String?, members: [(member: Member, score: Float)])] {
        var moves: [(entityID: String?, members: [(member: Member, score: Float)])] = []
        let identifiers = identifiers()
        for (group, identifier) in zip(groups, identifiers) {
            let moved = group.members.filter { $0.entityID != identifier && !$0.isFixed }
            guard !moved.isEmpty else { continue }
            moves.append((identifier, moved.map { ($0, Self.score($0.vector, group, except: $0.eventID)) }))
        }
        return moves
    }

    /// The entity that each group goes on as: the one with most of its members, each entity once.
    ///
    /// Events of an entity that are not looked at cannot move, so they speak for keeping it.
    private func identifiers() -> [String?] {
        var identifiers = groups.map(\.entityID)
        var taken = Set(identifiers.compactMap { $0 })
        var unseen: [String: Int] = [:]
        for member in groups.lazy.flatMap(\.members) {
            unseen[member.entityID, default: member.entityEventCount] -= 1
        }
        var claims: [(group: Int, entity: String, count: Int)] = []
        for (index, group) in groups.enumerated() where group.entityID == nil {
            var counts: [String: Int] = [:]
            for member in group.members { counts[member.entityID, default: 0] += 1 }
            claims += counts.map { (index, $0.key, $0.value + max(0, unseen[$0.key] ?? 0)) }
        }
        claims.sort { ($1.count, $0.group, $0.entity) < ($0.count, $1.group, $1.entity) }
        for claim in claims where identifiers[claim.group] == nil && taken.insert(claim.entity).inserted {
            identifiers[claim.group] = claim.entity
        }
        return identifiers
    }

    // MARK: - Grouping

    private mutating func place(_ member: Member, in entityID: String) {
        if let index = groups.firstIndex(where: { $0.entityID == entityID }) {
            groups[index].members.append(member)
            updateMean(index)
        } else {
            groups.append(Group(entityID: entityID, members: [member], mean: member.vector))
        }
    }

    private mutating func place(_ member: Member) {
        var best: (index: Int, score: Float)?
        for (index, group) in groups.enumerated() {
            if let id = group.entityID, member.excluded.contains(id) { continue }
            let score = Self.score(member.vector, group)
            if score > best?.score ?? -.infinity { best = (index, score) }
        }
        if let best, best.score >= threshold {
            groups[best.index].members.append(member)
            updateMean(best.index)
        } else {
            groups.append(Group(entityID: nil, members: [member], mean: member.vector))
        }
    }

    private mutating func consolidate() {
        var scores = groups.indices.map { second in
            (0..<second).map { first in score(first, second) }
        }
        while let pair = Self.largest(scores), scores[pair.second][pair.first] >= threshold {
            groups[pair.first].members += groups[pair.second].members
            groups[pair.first].entityID = groups[pair.first].entityID ?? groups[pair.second].entityID
            updateMean(pair.first)
            groups.remove(at: pair.second)
            scores.remove(at: pair.second)
            for row in scores.indices.dropFirst(pair.second) { scores[row].remove(at: pair.second) }
            for other in groups.indices where other != pair.first {
                let (first, second) = (min(other, pair.first), max(other, pair.first))
                scores[second][first] = score(first, second)
            }
        }
    }

    private static func largest(_ scores: [[Float]]) -> (first: Int, second: Int)? {
        var best: (first: Int, second: Int)?
        var largest = -Float.infinity
        for (second, row) in scores.enumerated() {
            for (first, score) in row.enumerated() where score > largest {
                (best, largest) = ((first, second), score)
            }
        }
        return best
    }

    /// How alike two groups are; −∞ for those that must stay apart.
    private func score(_ first: Int, _ second: Int) -> Float {
        let (a, b) = (groups[first], groups[second])
        if a.entityID != nil, b.entityID != nil { return -.infinity }
        if let id = a.entityID, b.members.contains(where: { $0.excluded.contains(id) }) { return -.infinity }
        if let id = b.entityID, a.members.contains(where: { $0.excluded.contains(id) }) { return -.infinity }
        let means = a.mean.cosine(b.mean)
        if (1 + means) / 2 < threshold { return (means - 1) / 2 }
        var nearest: Float = -1
        for member in b.members {
            for other in a.members { nearest = max(nearest, member.vector.cosine(other.vector)) }
        }
        return (nearest + means) / 2
    }

    /// How alike a vector and a group are; 1 for the only member of its group.
    private static func score(_ vector: UnitVector, _ group: Group, except eventID: String? = nil) -> Float {
        let others = group.members.filter { $0.eventID != eventID }
        guard !others.isEmpty else { return 1 }
        let nearest = others.reduce(-1) { max($0, $1.vector.cosine(vector)) }
        return (nearest + vector.cosine(group.mean)) / 2
    }

    private mutating func updateMean(_ index: Int) {
        var sum = groups[index].members[0].vector.lanes
        for member in groups[index].members.dropFirst() { UnitVector.add(member.vector.lanes, to: &sum) }
        groups[index].mean = UnitVector(lanes: sum) ?? groups[index].members[0].vector
    }
}
