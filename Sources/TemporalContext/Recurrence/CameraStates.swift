// SPDX-License-Identifier: MIT

/// What the pictures of one camera look like whoever is in them, in several states of light and weather.
///
/// Most of what a picture of a fixed camera says is the place and its light. Subtracting the mean of the pictures in
/// the same state leaves what is special about this one, which is comparable across states. States are found by
/// k-means over the latest pictures, begun at the most central one and then at the farthest, so that the same
/// pictures in the same order give the same states.
struct CameraStates: Sendable {
    private static let rounds = 12
    private static let picturesPerState = 10
    private static let leastMembers = 3

    /// Means of the states; empty where nothing is known.
    let centers: [[UnitVector.Lanes]]

    /// No states: what is special about a picture is all of it.
    static let none = CameraStates(centers: [])

    private init(centers: [[UnitVector.Lanes]]) { self.centers = centers }

    /// The states of a sample.
    ///
    /// - Complexity: O(sample × states × dimension)
    init(of sample: [UnitVector], limit: Int) {
        let rows = sample.map(\.lanes)
        let count = max(1, min(limit, rows.count / Self.picturesPerState))
        var centers = Self.seeds(rows, count)
        var nearest: [Int] = []
        for _ in 0..<Self.rounds {
            let now = rows.map { Self.nearest(to: $0, in: centers) }
            if now == nearest { break }
            nearest = now
            centers = centers.indices.map { Self.mean(rows, where: nearest, is: $0) ?? centers[$0] }
        }
        // A state of one or two pictures is an event, not a state.
        let kept = centers.indices.filter { state in
            nearest.count { $0 == state } >= Self.leastMembers
        }
        self.centers = kept.isEmpty ? Self.mean(rows).map { [$0] } ?? [] : kept.map { centers[$0] }
    }

    /// What is special about a picture; the picture itself where no state is known, nil where nothing is.
    func residual(of picture: UnitVector) -> UnitVector? {
        guard !centers.isEmpty else { return picture }
        let center = centers[Self.nearest(to: picture.lanes, in: centers)]
        return UnitVector(lanes: zip(picture.lanes, center).map { $0 - $1 })
    }

    private static func seeds(_ rows: [[UnitVector.Lanes]], _ count: Int) -> [[UnitVector.Lanes]] {
        guard let mean = mean(rows) else { return [] }
        var distances = rows.map { distance($0, mean) }
        guard let first = distances.indices.min(by: { distances[$0] < distances[$1] }) else { return [] }
        var seeds = [rows[first]]
        distances = rows.map { distance($0, rows[first]) }
        while seeds.count < count,
            let farthest = distances.indices.max(by: { distances[$0] < distances[$1] }),
            distances[farthest] > 0
        {
            seeds.append(rows[farthest])
            for index in rows.indices {
                distances[index] = min(distances[index], distance(rows[index], rows[farthest]))
            }
        }
        return seeds
    }

    private static func nearest(to row: [UnitVector.Lanes], in centers: [[UnitVector.Lanes]]) -> Int {
        var best = 0
        var least = Float.infinity
        for (index, center) in centers.enumerated() {
            let distance = distance(row, center)
            if distance < least { (best, least) = (index, distance) }
        }
        return best
    }

    private static func distance(_ a: [UnitVector.Lanes], _ b: [UnitVector.Lanes]) -> Float {
        var sum = UnitVector.Lanes.zero
        for index in 0..<min(a.count, b.count) {
            let difference = a[index] - b[index]
            sum += difference * difference
        }
        return sum.sum()
    }

    private static func mean(_ rows: [[UnitVector.Lanes]]) -> [UnitVector.Lanes]? {
        mean(rows, where: Array(repeating: 0, count: rows.count), is: 0)
    }

    private static func mean(
        _ rows: [[UnitVector.Lanes]], where states: [Int], is state: Int
    ) -> [UnitVector.Lanes]? {
        var sum: [UnitVector.Lanes] = []
        var count: Float = 0
        for (row, its) in zip(rows, states) where its == state {
            if sum.isEmpty { sum = row } else { UnitVector.add(row, to: &sum) }
            count += 1
        }
        return count > 0 ? sum.map { $0 / count } : nil
    }
}
