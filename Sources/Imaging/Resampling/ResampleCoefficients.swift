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

    /// Samples of the source line.
    let inputCount: Int
    /// First source sample of each output sample.
    private(set) var starts: [Int32] = []
    /// Number of source samples of each output sample, from 1 to `capacity`.
    private(set) var counts: [Int32] = []
    /// `capacity` weights for each output sample; zero beyond its count.
    private(set) var weights: [Int32] = []
    /// Room for the weights of one output sample.
    let capacity: Int

    /// Weights that take `inputCount` samples to `outputCount`, for the output samples in `window`, not empty.
    ///
    /// A line that keeps its length gets the weight 1 for each sample and 0 for its neighbours, as if it were copied.
    ///
    /// - Complexity: O(window · (4 + 4 · inputCount / outputCount)).
    init(from inputCount: Int, to outputCount: Int, window: Range<Int>) {
        let scale = Double(inputCount) / Double(outputCount)
        let filterScale = max(scale, 1)
        let support = 2 * filterScale
        self.inputCount = inputCount
        capacity = Int(support.rounded(.up)) * 2 + 1
        starts.reserveCapacity(window.count)
        counts.reserveCapacity(window.count)
        weights = [Int32](repeating: 0, count: window.count * capacity)
        var line = [Double](repeating: 0, count: capacity)
        for output in window {
            let center = (Double(output) + 0.5) * scale
            let start = max(Int(center - support + 0.5), 0)
            let end = min(Int(center + support + 0.5), inputCount)
            store(start..<end, center: center, inverseScale: 1 / filterScale, &line)
        }
    }

    private mutating func store(
        _ samples: Range<Int>, center: Double, inverseScale: Double, _ line: inout [Double]
    ) {
        var sum = 0.0
        for i in 0..<samples.count {
            line[i] = Self.bicubic((Double(i + samples.lowerBound) - center + 0.5) * inverseScale)
            sum += line[i]
        }
        let first = starts.count * capacity
        for i in 0..<samples.count {
            weights[first + i] = Self.fixedPoint(sum != 0 ? line[i] / sum : line[i])
        }
        starts.append(Int32(samples.lowerBound))
        counts.append(Int32(samples.count))
    }

    /// Stops unless all samples lie in the source line, one after the other, and no weight is too large for the kernels.
    func checkBounds() {
        precondition(
            weights.count == starts.count * capacity && counts.count == starts.count, "weights are missing")
        var reached: (start: Int32, end: Int32) = (0, 0)
        for (start, count) in zip(starts, counts) {
            precondition(count > 0 && Int(count) <= capacity, "\(count) weights from \(start) on")
            precondition(
                start >= reached.start && start + count >= reached.end, "weights go back to \(start)")
            reached = (start, start + count)
        }
        precondition(reached.end <= inputCount, "weights reach beyond \(inputCount) samples")
        // Three signed digits to the base 256 reach as far; at the edge of a line a weight comes to 1.13.
        precondition(weights.allSatisfy { abs($0) <= 0x7F_7F7F }, "a weight of almost 2")
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
