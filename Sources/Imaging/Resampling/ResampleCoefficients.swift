// SPDX-License-Identifier: MIT

/// Weights of the source samples for each sample of a resized line, in fixed point.
///
/// Bicubic with a = −½, stretched by the scale when shrinking:
///
///     w(x) = 1.5|x|³ − 2.5|x|² + 1          |x| < 1
///            −0.5|x|³ + 2.5|x|² − 4|x| + 2   |x| < 2
///
/// Computed and normalised in double precision and rounded to 22 bits behind the point, in the operation
/// order of the reference, because a last bit decides over a pixel.
///
/// Source: Pillow 13.0, `Resample.c`, `precompute_coeffs` and `normalize_coeffs_8bpc`; its words are
/// "support" for the reach of the filter and "precision bits" for the 22.
struct ResampleCoefficients: Equatable {
    /// Bits behind the point: 8 bits of sample and 2 of head room leave 22 of 32.
    static let precisionBits = 22

    /// First source sample of each output sample.
    private(set) var starts: [Int] = []
    /// Number of source samples of each output sample, at most `capacity`.
    private(set) var counts: [Int] = []
    /// `capacity` weights for each output sample; zero beyond its count.
    private(set) var weights: [Int32] = []
    /// Room for the weights of one output sample.
    let capacity: Int

    /// Weights that take `inputCount` samples to `outputCount`, for the output samples in `window`.
    ///
    /// - Complexity: O(window · (4 + 4 · inputCount / outputCount)).
    init(from inputCount: Int, to outputCount: Int, window: Range<Int>) {
        let scale = Double(inputCount) / Double(outputCount)
        let filterScale = max(scale, 1)
        let support = 2 * filterScale
        let taps = Int(support.rounded(.up)) * 2 + 1
        capacity = taps
        starts.reserveCapacity(window.count)
        counts.reserveCapacity(window.count)
        weights.reserveCapacity(window.count * taps)
        for output in window {
            let center = (Double(output) + 0.5) * scale
            let start = max(Int(center - support + 0.5), 0)
            let end = min(Int(center + support + 0.5), inputCount)
            starts.append(start)
            counts.append(end - start)
            appendWeights(start..<end, center: center, inverseScale: 1 / filterScale)
        }
    }

    private mutating func appendWeights(_ samples: Range<Int>, center: Double, inverseScale: Double) {
        var line = samples.enumerated().map { offset, _ in
            Self.bicubic((Double(offset + samples.lowerBound) - center + 0.5) * inverseScale)
        }
        let sum = line.reduce(0, +)
        if sum != 0 { for i in line.indices { line[i] /= sum } }
        weights += line.map(Self.fixedPoint)
        weights += [Int32](repeating: 0, count: capacity - samples.count)
    }

    private static func bicubic(_ offset: Double) -> Double {
        let a = -0.5
        let x = abs(offset)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }

    /// Rounds half away from zero; the conversion truncates.
    private static func fixedPoint(_ weight: Double) -> Int32 {
        let scaled = weight * Double(1 << precisionBits)
        return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
}
