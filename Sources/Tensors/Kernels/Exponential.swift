// SPDX-License-Identifier: MIT

/// Eight lanes: two registers on baseline x86-64 and arm64, one where AVX is the baseline.
package typealias Lanes = SIMD8<Float>

/// eˣ in every lane.
///
/// x = n·ln 2 + r with |r| ≤ ½ ln 2, ln 2 split into two parts so that r is exact to working precision; eʳ by its
/// Taylor polynomial of degree 7, whose remainder r⁸/8! ≤ 5.2e-9 is a tenth of an ulp; 2ⁿ enters through the
/// exponent bits. Written without fused operations and without `rounded()`, which are function calls per lane on
/// baseline x86-64.
///
/// Accuracy: within 2 ulp for −87 ≤ x ≤ 88, measured against the double-precision function over all lanes of a
/// dense grid (VectorFunctionTests). Smaller arguments give 2⁻¹²⁶ or less, larger ones
/// are clamped to e⁸⁸, and a NaN stays a NaN.
@inline(__always)
package func exponential(_ x: Lanes) -> Lanes {
    let isNumber = x .== x
    let argument = x
    let x = smaller(larger(x, Lanes(repeating: -87.33654)), Lanes(repeating: 88))
    // Adding 1.5·2²³ leaves the nearest integer of x/ln 2 in the low bits of the sum.
    let shift = Lanes(repeating: 12_582_912)
    let shifted = x * 1.4426950408889634 + shift
    let n = shifted - shift
    let r = (x - n * 0.693359375) - n * -2.12194440e-4
    var p = Lanes(repeating: 1.0 / 5040)
    p = p * r + 1.0 / 720
    p = p * r + 1.0 / 120
    p = p * r + 1.0 / 24
    p = p * r + 1.0 / 6
    p = p * r + 0.5
    p = p * r + 1
    p = p * r + 1
    let exponent = unsafe unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23
    let power = unsafe unsafeBitCast(unsafeBitCast(p, to: SIMD8<UInt32>.self) &+ exponent, to: Lanes.self)
    // Exponent arithmetic on the bits of a NaN could make a number of it, and hide damaged weights.
    return argument.replacing(with: power, where: isNumber)
}

/// The larger number in every lane; `pointwiseMax` is a function call in unspecialised builds of the standard library.
@inline(__always)
func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
    a.replacing(with: b, where: a .< b)
}

/// The smaller number in every lane.
@inline(__always)
func smaller(_ a: Lanes, _ b: Lanes) -> Lanes {
    a.replacing(with: b, where: a .> b)
}
