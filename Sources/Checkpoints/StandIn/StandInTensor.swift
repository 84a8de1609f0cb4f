// SPDX-License-Identifier: MIT

/// One tensor of a stand-in model and how its values come about.
///
///     value[r, c] = base[r, c] + rowDeviation(r) · columnDeviation[c] · normal
///
/// rounded to half precision. A vector is a single row; a convolution kernel is a row for each output.
struct StandInTensor: Sendable {
    let name: String
    let shape: [Int]
    let columnDeviation: [Float]
    var rowDeviation: @Sendable (Int) -> Float = { _ in 1 }
    /// Values that the noise is added to; empty is all zero.
    var baseRow: @Sendable (Int) -> [Float] = { _ in [] }

    var columnCount: Int { columnDeviation.count }
    var rowCount: Int { shape.reduce(1, *) / max(1, columnCount) }

    /// Appends the half-precision patterns of row `row` to `halves`.
    func appendRow(_ row: Int, _ normals: CounterNormals, to halves: inout [UInt16]) {
        let scale = rowDeviation(row)
        let base = baseRow(row)
        let first = row * columnCount
        let start = halves.count
        halves.append(contentsOf: repeatElement(0, count: columnCount))
        // Spans of equal length, so that the loop runs without checks on the arrays' storage.
        let deviations = columnDeviation.span
        var target = halves.mutableSpan
        for column in deviations.indices {
            let noise = scale * deviations[column] * normals[first &+ column]
            let value = base.isEmpty ? noise : base[column] + noise
            target[start &+ column] = HalfRounding.bits(value)
        }
    }
}
