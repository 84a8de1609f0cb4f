// SPDX-License-Identifier: MIT

/// Single to half precision where no bit is lost.
package enum HalfPrecision {
    /// Encodes `values` as half-precision bit patterns if every one of them is exactly representable.
    ///
    /// Zeros keep their sign, NaN its payload where that fits in ten bits.
    ///
    /// - Returns: Whether nothing was lost. When false, the contents of `halves` mean nothing.
    /// - Precondition: `halves` has room for as many; what is behind them stays.
    /// - Complexity: O(n), eight numbers at a time. Allocates nothing.
    package static func encodeLosslessly(_ values: Span<Float>, into halves: inout MutableSpan<UInt16>)
        -> Bool
    {
        precondition(halves.count >= values.count, "\(halves.count) halves for \(values.count) values")
        let count = values.count
        // Safe: both buffers hold count elements, and every access below is under count.
        return unsafe values.withUnsafeBytes { source in
            unsafe halves.withUnsafeMutableBytes { target in
                var lossy = SIMD8<Int32>.zero
                var index = 0
                while index &+ 8 <= count {
                    let bits = unsafe source.loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Int32>.self)
                    let encoded = halfBits(bits)
                    lossy |= encoded.lossy
                    unsafe target.storeBytes(
                        of: encoded.bits, toByteOffset: index &* 2, as: SIMD8<UInt16>.self)
                    index &+= 8
                }
                while index < count {
                    let bits = unsafe source.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self)
                    let encoded = halfBits(SIMD8(repeating: bits))
                    lossy |= encoded.lossy
                    unsafe target.storeBytes(of: encoded.bits[0], toByteOffset: index &* 2, as: UInt16.self)
                    index &+= 1
                }
                return lossy == .zero
            }
        }
    }

    /// Half-precision bit patterns, and a lane other than zero where a bit was lost.
    ///
    /// - Normal (2⁻¹⁴ ≤ |v| < 2¹⁶), infinity, NaN: exact when the 13 fraction bits that a half lacks
    ///   are zero.
    /// - Below 2⁻¹⁴: a half counts in units of 2⁻²⁴, which is the spacing of singles in [½, 1). So
    ///   ½ + |v| holds the count in its low bits, and is exact when subtracting ½ gives |v| back.
    /// - Finite from 2¹⁶ up: never.
    @inline(__always)
    private static func halfBits(_ bits: SIMD8<Int32>) -> (bits: SIMD8<UInt16>, lossy: SIMD8<Int32>) {
        let one = SIMD8<Int32>(repeating: -1)
        let sign = (bits &>> 16) & 0x8000
        let magnitude = bits & 0x7FFF_FFFF
        let half = SIMD8<Float>(repeating: 0.5)
        let halfPattern = unsafe unsafeBitCast(half, to: SIMD8<Int32>.self)

        let sum = unsafe half + unsafeBitCast(magnitude, to: SIMD8<Float>.self)
        let sumBits = unsafe unsafeBitCast(sum, to: SIMD8<Int32>.self)
        let back = unsafe unsafeBitCast(sum - half, to: SIMD8<Int32>.self)

        let isSubnormal = magnitude .< (113 << 23)
        let isSpecial = magnitude .>= (255 << 23)
        let isTooLarge = (magnitude .>= (143 << 23)) .& (magnitude .< (255 << 23))

        var value = (magnitude &- (112 << 23)) &>> 13
        value = value.replacing(with: sumBits &- halfPattern, where: isSubnormal)
        value = value.replacing(with: (magnitude &- (224 << 23)) &>> 13, where: isSpecial)

        var lossy = magnitude & 0x1FFF
        lossy = lossy.replacing(with: back ^ magnitude, where: isSubnormal)
        lossy = lossy.replacing(with: one, where: isTooLarge)
        return (SIMD8<UInt16>(truncatingIfNeeded: value | sign), lossy)
    }
}
