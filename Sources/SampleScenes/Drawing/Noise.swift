// SPDX-License-Identifier: MIT

/// Random numbers that depend on a seed and a position only, so that pixels can be drawn in any order.
///
/// The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014). Everything after it is
/// integer or exactly rounded arithmetic: the same values on every machine.
struct Noise: Sendable {
    let seed: UInt64

    /// 64 well-mixed bits for a lattice position.
    func bits(_ x: Int, _ y: Int) -> UInt64 {
        let position = UInt64(truncatingIfNeeded: x) &* 0x9E37_79B9_7F4A_7C15
        var z = seed &+ position ^ (UInt64(truncatingIfNeeded: y) &* 0xD1B5_4A32_D192_ED03)
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in −1…1.
    func uniform(_ x: Int, _ y: Int) -> Float {
        Float(Int32(truncatingIfNeeded: bits(x, y) >> 32)) / 2_147_483_648
    }

    /// Roughly normal with mean 0 and deviation 1: the sum of four uniform 16-bit numbers.
    func normal(_ x: Int, _ y: Int) -> Float {
        let z = bits(x, y)
        let sum = Int(z & 0xFFFF) + Int(z >> 16 & 0xFFFF) + Int(z >> 32 & 0xFFFF) + Int(z >> 48)
        return Float(sum - 131_070) / 37_837  // deviation of the sum: 65536 · √(4 / 12)
    }

    /// Smooth noise in −1…1: lattice values one unit apart, joined by cubic smoothing.
    func smooth(_ x: Double, _ y: Double) -> Float {
        let left = x.rounded(.down)
        let top = y.rounded(.down)
        let (i, j) = (Int(left), Int(top))
        let u = Noise.eased(Float(x - left))
        let v = Noise.eased(Float(y - top))
        let upper = uniform(i, j) + (uniform(i + 1, j) - uniform(i, j)) * u
        let lower = uniform(i, j + 1) + (uniform(i + 1, j + 1) - uniform(i, j + 1)) * u
        return upper + (lower - upper) * v
    }

    private static func eased(_ t: Float) -> Float { t * t * (3 - 2 * t) }
}
