// SPDX-License-Identifier: MIT
internal import EventProcessing

/// How long the last embeddings took, as bars.
struct SpeedChart {
    private let milliseconds: [Double]

    private static let height = 64.0
    private static let step = 6

    init(_ durations: [Duration]) {
        milliseconds = durations.map { $0 / .milliseconds(1) }
    }

    /// For the template `status`; nil while there is nothing to show.
    var view: PageView? {
        guard !milliseconds.isEmpty else { return nil }
        let sorted = milliseconds.sorted()
        let median = sorted[sorted.count / 2]
        // One that waited for the weights shall not flatten all others.
        let top = max(1, min(sorted.last ?? 1, median * 4))
        let bars = milliseconds.enumerated().map { index, value -> PageView in
            let height = max(1, min(Self.height, value / top * Self.height).rounded())
            return [
                "x": index * Self.step, "y": Int(Self.height - height), "height": Int(height),
                "title": "\(Int(value.rounded()).grouped) ms", "isOver": value > top,
            ]
        }
        return [
            "bars": bars, "width": RecentSpeeds.capacity * Self.step, "height": Int(Self.height),
            "median": Int(median.rounded()).grouped, "least": Int((sorted.first ?? 0).rounded()).grouped,
            "most": Int((sorted.last ?? 0).rounded()).grouped, "count": milliseconds.count,
        ]
    }
}
