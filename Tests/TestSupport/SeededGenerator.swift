// SPDX-License-Identifier: MIT

/// SplitMix64: reproducible random numbers for property tests, which print their seed.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A generator whose numbers depend on `seed` alone.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number in −`magnitude`…`magnitude`.
    package mutating func float(_ magnitude: Float = 1) -> Float {
        Float.random(in: -magnitude...magnitude, using: &self)
    }

    /// `count` numbers in −`magnitude`…`magnitude`.
    package mutating func floats(_ count: Int, _ magnitude: Float = 1) -> [Float] {
        (0..<count).map { _ in float(magnitude) }
    }
}
