// SPDX-License-Identifier: MIT
import Synchronization

/// All series of one name.
final class MetricFamily: Sendable {
    /// Labels from outside must not fill the memory; what is recorded beyond is dropped.
    static let maximumSeries = 1000

    let name: String
    let kind: MetricKind
    private let help: String
    private let members = Mutex<[LabelSet: MetricSeries]>([:])

    init(name: String, help: String, kind: MetricKind) {
        self.name = name
        self.help = help
        self.kind = kind
    }

    /// Makes the series at 0 unless it is there.
    func declareSeries(_ labels: LabelSet) {
        _ = series(labels)
    }

    /// The series with these labels, made when it is not there; one that is never exposed when there are too many.
    func series(_ labels: LabelSet) -> MetricSeries {
        members.withLock { members in
            if let known = members[labels] { return known }
            let series = MetricSeries(kind: kind)
            if members.count < Self.maximumSeries { members[labels] = series }
            return series
        }
    }

    /// Appends the help, the type and each series, sorted by labels.
    func write(to text: inout String) {
        let sorted = members.withLock { $0.sorted { $0.key < $1.key } }
        guard !sorted.isEmpty else { return }
        text += "# HELP \(name) \(ExpositionText.help(help))\n# TYPE \(name) \(kind.word)\n"
        for (labels, series) in sorted { series.write(name: name, labels: labels, to: &text) }
    }
}
