// SPDX-License-Identifier: MIT
import Foundation

/// Everything a run found.
struct Report: Encodable {
    var machine: Machine
    var modelVersion: String
    var results: [Measurement]
    var coldStarts: [ColdStart]
    /// 10⁹ operations a second in registers alone, by precision; the largest seen.
    var peakGflops: [String: Double]

    enum CodingKeys: String, CodingKey {
        case machine, results
        case modelVersion = "model_version"
        case coldStartMilliseconds = "cold_start_ms"
        case residentMegabytes = "resident_mb"
        case coldStarts = "cold_starts"
        case peakGflops = "peak_gflops"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(machine, forKey: .machine)
        try container.encode(modelVersion, forKey: .modelVersion)
        try container.encode(results, forKey: .results)
        // Of the first setting, where most look; of all of them below.
        try container.encode(coldStarts.first?.milliseconds, forKey: .coldStartMilliseconds)
        try container.encode(coldStarts.first?.residentMegabytes, forKey: .residentMegabytes)
        try container.encode(coldStarts, forKey: .coldStarts)
        try container.encode(peakGflops, forKey: .peakGflops)
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The same for people; milliseconds per image.
    func table() -> String {
        var lines = [
            "\(machine.processor), \(machine.cores) cores, \(machine.blas)", "weights \(modelVersion)", "",
            "stage      precision backend threads  batch   median      min      p95   GOP/s  × limit  image",
        ]
        lines += results.map(line)
        lines += ["", "precision backend threads  process start to embedding  peak resident memory"]
        lines += coldStarts.map { start in
            pad(start.precision, 10, left: true) + pad(start.backend, 7, left: true)
                + pad("\(start.threads)", 8)
                + pad(String(format: "%.0f ms", start.milliseconds), 28)
                + pad(String(format: "%.0f MB", start.residentMegabytes), 22)
        }
        let peaks = peakGflops.sorted { $0.key < $1.key }.map { "\($0.key) \(Int($0.value))" }
        return
            (lines + [
                "", "limit of the processor, 10⁹ operations a second: \(peaks.joined(separator: ", "))",
            ])
            .joined(separator: "\n")
    }

    private func line(_ result: Measurement) -> String {
        let limit = result.overLimit.map { String(format: "%.2f", $0) } ?? ""
        let gflops = result.gflops.map { String(format: "%.0f", $0) } ?? ""
        return pad(result.stage, 11, left: true) + pad(result.precision, 10, left: true)
            + pad(result.backend, 7, left: true) + pad("\(result.threads)", 8) + pad("\(result.batch)", 7)
            + pad(String(format: "%.2f", result.medianMilliseconds), 9)
            + pad(String(format: "%.2f", result.minimumMilliseconds), 9)
            + pad(String(format: "%.2f", result.p95Milliseconds), 9)
            + pad(gflops, 8) + pad(limit, 9) + "  " + (result.image ?? "")
    }

    private func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - text.count))
        return left ? text + spaces : spaces + text
    }
}
