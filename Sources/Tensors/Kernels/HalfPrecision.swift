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
                var lossy: Int32 = 0
                var index = 0
                while index < count {
                    let bits = unsafe source.loadUnaligned(fromByteOffset: index &* 4, as: Int32.self)
                    let encoded = halfBits(bits)
                    lossy |= encoded.lossy
                    unsafe target.storeBytes(of: encoded.bits, toByteOffset: index &* 2, as: UInt16.self)
                    index &+= 1
                }
                return lossy == 0
            }
        }
    }

    /// A half-precision bit pattern, and something other than zero where a bit was lost.
    ///
    /// - Normal (2⁻¹⁴ ≤ |v| < 2¹⁶), infinity, NaN: exact when the 13 fraction bits that a half lacks
    ///   are zero.
    /// - Below 2⁻¹⁴: a half counts in units of 2⁻²⁴, which is the spacing of singles in [½, 1). So
    ///   ½ + |v| holds the count in its low bits, and is exact when subtracting ½ gives |v| back.
    /// - Finite from 2¹⁶ up: never.
    ///
    /// No branches, so that the compiler makes vectors of the loop around it.
    @inline(__always)
    private static func halfBits(_ bits: Int32) -> (bits: UInt16, lossy: Int32) {
        let sign = (bits &>> 16) & 0x8000
        let magnitude = bits & 0x7FFF_FFFF
        let sum = 0.5 + Float(bitPattern: UInt32(bitPattern: magnitude))
        let units = Int32(bitPattern: sum.bitPattern) &- 0x3F00_0000
        let back = Int32(bitPattern: (sum - 0.5).bitPattern)
        let isSubnormal = magnitude < (113 << 23)
        let isSpecial = magnitude >= (255 << 23)
        let normal = (magnitude &- (112 << 23)) &>> 13
        let special = (magnitude &- (224 << 23)) &>> 13
        let large = isSpecial ? special : normal
        let tooLarge: Int32 = magnitude >= (143 << 23) ? 1 : 0
        let unlessSpecial: Int32 = isSpecial ? 0 : tooLarge
        let dropped = (magnitude & 0x1FFF) | unlessSpecial
        let value = isSubnormal ? units : large
        let lossy = isSubnormal ? back ^ magnitude : dropped
        return (UInt16(truncatingIfNeeded: value | sign), lossy)
    }
}
