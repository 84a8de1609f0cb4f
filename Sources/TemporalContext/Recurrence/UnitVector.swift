// SPDX-License-Identifier: MIT

/// A direction: coordinates with length 1, sixteen to a vector register, zeros behind the last.
struct UnitVector: Sendable, Hashable {
    typealias Lanes = SIMD16<Float>

    private(set) var lanes: [Lanes]

    /// The direction of `values`; nil for a vector without one.
    init?(_ values: [Float]) {
        var lanes = [Lanes](repeating: .zero, count: (values.count + 15) / 16)
        for (index, value) in values.enumerated() { lanes[index / 16][index % 16] = value }
        self.init(lanes: lanes)
    }

    /// The direction of `lanes`; nil when there is none.
    init?(lanes: [Lanes]) {
        let norm = Self.dot(lanes, lanes).squareRoot()
        guard norm > 1e-12, norm.isFinite else { return nil }
        self.lanes = lanes.map { $0 / norm }
    }

    /// The cosine of the angle to `other`, which has the same number of lanes.
    func cosine(_ other: UnitVector) -> Float { Self.dot(lanes, other.lanes) }

    static func dot(_ a: [Lanes], _ b: [Lanes]) -> Float {
        var sum = Lanes.zero
        for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
        return sum.sum()
    }

    static func add(_ b: [Lanes], to a: inout [Lanes]) {
        for index in 0..<min(a.count, b.count) { a[index] += b[index] }
    }
}
