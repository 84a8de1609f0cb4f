// SPDX-License-Identifier: MIT

/// Cosines between pictures that have nothing to do with each other, sorted: what a score is measured against.
///
/// Frames of one fixed camera are alike whatever happens in them, and another camera's are not, so that a cosine says
/// little by itself. Its rank among the cosines of unrelated pairs of the same camera says how unusual the likeness is.
package struct CosineBackground: Sendable, Equatable {
    /// Ascending; empty where nothing is known yet.
    package let cosines: [Double]

    /// A background of these cosines, in any order; those that are not finite are left out.
    package init(_ cosines: [Double]) {
        self.cosines = cosines.filter(\.isFinite).sorted()
    }

    /// Every pair of the rows of a sample, or the first `limit` pairs in an order that spreads over the sample.
    ///
    /// - Parameters:
    ///   - rows: Vectors of length 1 and of one dimension, in an order that has nothing to do with time.
    ///   - limit: The largest number of pairs.
    /// - Complexity: O(pairs × dimension + pairs log pairs)
    package init(pairsOf rows: [[Float]], limit: Int = 4096) {
        var cosines: [Double] = []
        // Neighbours at distance 1, then 2, …: each row takes part equally often at every length of the list.
        for distance in 1..<max(1, rows.count) {
            for first in 0..<(rows.count - distance) where cosines.count < limit {
                cosines.append(Self.dot(rows[first], rows[first + distance]))
            }
        }
        self.init(cosines)
    }

    /// The share of the background below `cosine`, 0…100.
    ///
    /// Ties count half. Nil for an empty background.
    ///
    /// - Complexity: O(log count)
    package func percentile(of cosine: Double) -> Double? {
        guard !cosines.isEmpty else { return nil }
        let below = firstIndex { $0 >= cosine }
        let upTo = firstIndex { $0 > cosine }
        return 50 * Double(below + upTo) / Double(cosines.count)
    }

    /// The cosine below which the share `fraction` (0…1) of the background lies, linear between neighbours.
    package func quantile(_ fraction: Double) -> Double? {
        guard let last = cosines.last else { return nil }
        let position = min(1, max(0, fraction)) * Double(cosines.count - 1)
        let index = Int(position)
        guard index + 1 < cosines.count else { return last }
        return cosines[index] + (position - Double(index)) * (cosines[index + 1] - cosines[index])
    }

    private func firstIndex(where isPast: (Double) -> Bool) -> Int {
        var range = 0..<cosines.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = isPast(cosines[middle]) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
        }
        return range.lowerBound
    }

    private static func dot(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
