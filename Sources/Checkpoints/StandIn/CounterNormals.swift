// SPDX-License-Identifier: MIT

/// Roughly normal random numbers, each a function of seed, tensor name and index alone.
///
/// Neither the order of the calls nor the number of threads matters. The bits are those of SplitMix64
/// (Steele, Lea, Flood 2014) at the counter `index`; a number is the sum of four uniform 16-bit numbers,
/// so only integer and exactly rounded arithmetic is used: the same values on every machine.
struct CounterNormals: Sendable {
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// One over the deviation of the sum of four 16-bit numbers, 65536 · √(4 / 12).
    private static let scale: Float = 1 / 37_837
    private let key: UInt64

    init(seed: UInt64, name: String) {
        // FNV-1a over the name, started from the mixed seed.
        var hash = 0xCBF2_9CE4_8422_2325 ^ Self.mix(seed &+ Self.increment)
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        key = Self.mix(hash)
    }

    /// Mean 0, deviation 1, within ±3.47.
    @inline(__always)
    subscript(index: Int) -> Float {
        let z = Self.mix(key &+ UInt64(truncatingIfNeeded: index) &* Self.increment)
        let sum = Int32(
            truncatingIfNeeded: (z & 0xFFFF) &+ (z >> 16 & 0xFFFF) &+ (z >> 32 & 0xFFFF) &+ (z >> 48))
        return Float(sum &- 131_070) * Self.scale
    }

    @inline(__always)
    private static func mix(_ state: UInt64) -> UInt64 {
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
