// SPDX-License-Identifier: MIT
import CLIP
import EmbeddingService
import Embeddings
import Foundation
import Imaging
import Tensors

/// One run: preprocessing, then for every setting the tower by batch, the whole way, and a cold start.
struct Benchmark {
    let weights: String
    let pictures: [BenchPicture]
    let settings: [BenchSetting]
    let batchSizes: [Int]
    let budget: Duration

    func run() throws -> Report {
        var results: [Measurement] = []
        var starts: [ColdStart] = []
        var peaks: [Precision: [Double]] = [:]
        var version = ""
        for (index, setting) in settings.enumerated() {
            starts.append(try ColdStart.measure(weights: weights, setting))
            let engine = try EmbeddingEngine(
                weights: weights, options: setting.options(batchCapacity: batchSizes.max() ?? 1))
            let stages = EngineStages(engine, setting: setting, budget: budget)
            if index == 0 {
                version = engine.modelVersion.name
                results += try pictures.flatMap(stages.preprocessing)
            }
            let tensor = try stages.preprocess(pictures[0].bytes)
            for batch in batchSizes {
                results.append(try stages.tower(Array(repeating: tensor, count: batch)))
            }
            results += pictures.map(stages.whole)
            for precision in Precision.allCases {
                peaks[precision, default: []] += [stages.peak(precision)].compactMap(\.self)
            }
        }
        let best = peaks.compactMapValues { $0.max() }
        return Report(
            machine: .current, modelVersion: version, results: results, coldStarts: starts,
            peakGflops: Dictionary(uniqueKeysWithValues: best.map { ($0.key.rawValue, $0.value / 1e9) }))
    }
}
