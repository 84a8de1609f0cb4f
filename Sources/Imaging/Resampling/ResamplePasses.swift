// SPDX-License-Identifier: MIT

/// Half of the last place, so that the final shift rounds.
private let half = Int32(1) << (ResampleCoefficients.precisionBits - 1)

/// The horizontal pass over `rows` of an RGB image of `width` pixels a row.
///
/// - Returns: `rows.count` rows of as many pixels as there are coefficients.
/// - Complexity: O(rows · pixels · weights of a pixel).
func resampleRows(
    of source: [UInt8], width: Int, rows: Range<Int>, _ coefficients: ResampleCoefficients
) -> [UInt8] {
    let outputWidth = coefficients.starts.count
    var target = [UInt8](repeating: 0, count: 3 * outputWidth * rows.count)
    let samples = source.span
    let weights = coefficients.weights.span
    let starts = coefficients.starts.span
    let counts = coefficients.counts.span
    var output = target.mutableSpan
    var position = 0
    for row in rows {
        for column in 0..<outputWidth {
            var red = half
            var green = half
            var blue = half
            var sample = 3 * (row * width + starts[column])
            let firstWeight = column * coefficients.capacity
            for weight in firstWeight..<firstWeight + counts[column] {
                // No overflow: the weights of a pixel sum to 2²² and their magnitudes to less than 2²³.
                let w = weights[weight]
                red &+= Int32(samples[sample]) &* w
                green &+= Int32(samples[sample + 1]) &* w
                blue &+= Int32(samples[sample + 2]) &* w
                sample += 3
            }
            output[position] = clipped(red)
            output[position + 1] = clipped(green)
            output[position + 2] = clipped(blue)
            position += 3
        }
    }
    return target
}

/// The vertical pass over an RGB band of `width` pixels a row, whose first row is row `firstRow` of the image.
///
/// - Returns: As many rows of `width` pixels as there are coefficients.
/// - Complexity: O(rows · samples of a row · weights of a row).
func resampleColumns(
    of source: [UInt8], width: Int, firstRow: Int, _ coefficients: ResampleCoefficients
) -> [UInt8] {
    let rowCount = coefficients.starts.count
    let sampleCount = 3 * width
    var target = [UInt8](repeating: 0, count: sampleCount * rowCount)
    var sums = [Int32](repeating: 0, count: sampleCount)
    for row in 0..<rowCount {
        for i in 0..<sampleCount { sums[i] = half }
        for tap in 0..<coefficients.counts[row] {
            let start = (coefficients.starts[row] + tap - firstRow) * sampleCount
            add(
                source.span.extracting(start..<start + sampleCount),
                times: coefficients.weights[row * coefficients.capacity + tap], to: &sums)
        }
        let start = row * sampleCount
        for i in 0..<sampleCount { target[start + i] = clipped(sums[i]) }
    }
    return target
}

/// `sums ← sums + weight · samples`; a loop of its own so that the compiler vectorises it.
private func add(_ samples: Span<UInt8>, times weight: Int32, to sums: inout [Int32]) {
    var sums = sums.mutableSpan
    for i in 0..<samples.count { sums[i] &+= Int32(samples[i]) &* weight }
}

/// Drops the bits behind the point and limits to a byte.
@inline(__always)
private func clipped(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(sum >> Int32(ResampleCoefficients.precisionBits), 0), 255))
}
