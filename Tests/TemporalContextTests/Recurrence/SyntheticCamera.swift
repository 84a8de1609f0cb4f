// SPDX-License-Identifier: MIT
import TestSupport

/// Vectors of a camera as the matcher assumes them: a place in a state of light, plus who is there, plus noise.
struct SyntheticCamera {
    static let dimension = 512
    private var random: SeededGenerator
    private let place: [Float]
    private let lights: [[Float]]
    private var subjects: [Int: [Float]] = [:]

    init(seed: UInt64, lightCount: Int = 3) {
        var random = SeededGenerator(seed: seed)
        place = random.floats(Self.dimension)
        lights = (0..<lightCount).map { _ in random.floats(Self.dimension) }
        self.random = random
    }

    /// A picture of `subject`, nil for nobody, in the light `light`.
    mutating func picture(of subject: Int?, light: Int) -> [Float] {
        var values = place
        for index in values.indices { values[index] += 0.8 * lights[light][index] + random.float(0.08) }
        guard let subject else { return values }
        let looks = subjects[subject] ?? random.floats(Self.dimension)
        subjects[subject] = looks
        for index in values.indices { values[index] += 0.4 * looks[index] }
        return values
    }
}
