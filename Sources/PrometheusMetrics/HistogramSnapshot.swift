// SPDX-License-Identifier: MIT

/// A histogram at one moment.
struct HistogramSnapshot {
    let bounds: [Double]
    /// Values between two bounds, the last beyond all.
    let counts: [Int]
    let sum: Double

    /// Appends cumulative buckets, the infinite one included, the sum and the count.
    func write(name: String, labels: LabelSet, to text: inout String) {
        var total = 0
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count
            let bucket = labels.braced(adding: "le=\(ExpositionText.quoted(ExpositionText.number(bound)))")
            text += "\(name)_bucket\(bucket) \(total)\n"
        }
        text += "\(name)_sum\(labels.braced()) \(ExpositionText.number(sum))\n"
        text += "\(name)_count\(labels.braced()) \(total)\n"
    }
}
