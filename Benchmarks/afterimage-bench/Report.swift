// SPDX-License-Identifier: MIT
import Foundation

/// Everything a run found.
struct Report: Codable {
    var machine: Machine
    var modelVersion: String
    var results: [Measurement]
    var coldStartMilliseconds: Double
    var residentMegabytes: Double
    var peakGflops: [String: Double]

    enum CodingKeys: String, CodingKey {
        case machine, results
        case modelVersion = "model_version"
        case coldStartMilliseconds = "cold_start_ms"
        case residentMegabytes = "resident_mb"
        case peakGflops = "peak_gflops"
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
            "stage       batch  threads   median      min      p95  GFLOP/s  of peak  outside sgemm  image",
        ]
        for result in results {
            let share = result.shareOfPeak.map { String(format: "%.0f %%", $0 * 100) } ?? ""
            let outside = result.shareOutsideProducts.map { String(format: "%.1f %%", $0 * 100) } ?? ""
            let gflops = result.gflops.map { String(format: "%.0f", $0) } ?? ""
            lines.append(
                pad(result.stage, 10, left: true) + pad("\(result.batch)", 7) + pad("\(result.threads)", 9)
                    + pad(String(format: "%.2f", result.medianMilliseconds), 9)
                    + pad(String(format: "%.2f", result.minimumMilliseconds), 9)
                    + pad(String(format: "%.2f", result.p95Milliseconds), 9)
                    + pad(gflops, 9) + pad(share, 9) + pad(outside, 15) + "  "
                    + (result.image ?? ""))
        }
        let peak = peakGflops["fp32"] ?? .nan
        lines += [
            "", String(format: "peak of cblas_sgemm        %.0f GFLOP/s", peak),
            String(format: "process start to embedding %.0f ms", coldStartMilliseconds),
            String(format: "peak resident memory       %.0f MB", residentMegabytes),
        ]
        return lines.joined(separator: "\n")
    }

    private func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - text.count))
        return left ? text + spaces : spaces + text
    }
}
