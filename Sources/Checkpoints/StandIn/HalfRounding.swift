// SPDX-License-Identifier: MIT

/// Single to half precision, to nearest, ties to even, in plain integer steps on every processor.
enum HalfRounding {
    /// Bit pattern of the half nearest to `value`.
    ///
    /// - Precondition: |value| < 65,504; otherwise the pattern means nothing.
    @inline(__always)
    static func bits(_ value: Float) -> UInt16 {
        let pattern = value.bitPattern
        let magnitude = pattern & 0x7FFF_FFFF
        let sign = pattern >> 16 & 0x8000
        // Below 2⁻¹⁴ a half counts in units of 2⁻²⁴, the spacing of singles in [½, 1): the sum rounds to it.
        let small = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3F00_0000
        let normal = (magnitude &- 0x3800_0000 &+ 0xFFF &+ (magnitude >> 13 & 1)) >> 13
        return UInt16(truncatingIfNeeded: sign | (magnitude < 0x3880_0000 ? small : normal))
    }
}
