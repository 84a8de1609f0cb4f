// SPDX-License-Identifier: MIT
import CLIP
import EmbeddingService
import Embeddings
import Foundation
import Imaging
import Tensors

/// One run: the peak of `cblas_sgemm`, preprocessing, the tower by batch, the whole way, and a cold start.
struct Benchmark {
    let weights: String
    let pictures: [BenchPicture]
    let threadCount: Int
    let batchSizes: [Int]
    let budget: Duration

    func run() throws -> Report {
        let coldStart = try ColdStart.measure(weights: weights, threadCount: threadCount)
        let engine = try EmbeddingEngine(
            weights: weights, options: .init(threadCount: threadCount, batchCapacity: batchSizes.max() ?? 1))
        let transformer = engine.encoder.transformer
        let preprocess = ImagePreprocessor(imageSize: transformer.configuration.imageSize)

        // The peak is taken before, between and after the tower's figures, since the machine's speed drifts.
        var peaks = [try peak(engine.team)]
        var results = try pictures.flatMap { try preprocessing($0, preprocess) }
        let tensor = try preprocess(pictures[0].bytes)
        for batch in batchSizes {
            results.append(try tower(engine, Array(repeating: tensor, count: batch)))
            peaks.append(try peak(engine.team))
        }
        results += pictures.map { whole(engine, $0) }

        let best = peaks.sorted()[peaks.count / 2]
        for index in results.indices { results[index].shareOfPeak = results[index].gflops.map { $0 / best } }
        return Report(
            machine: .current, modelVersion: engine.modelVersion.name, results: results,
            coldStartMilliseconds: coldStart.milliseconds, residentMegabytes: coldStart.residentMegabytes,
            peakGflops: ["fp32": best])
    }

    private func preprocessing(
        _ picture: BenchPicture, _ preprocess: ImagePreprocessor
    ) throws -> [Measurement] {
        let image = try preprocess.decoded(picture.bytes)
        return [
            ("decode", try Samples(budget: budget) { _ = try preprocess.decoded(picture.bytes) }),
            ("resize", Samples(budget: budget) { _ = preprocess.tensor(image) }),
            ("preprocess", try Samples(budget: budget) { _ = try preprocess(picture.bytes) }),
        ].map { Measurement(stage: $0.0, threads: 1, image: picture.name, $0.1) }
    }

    private func tower(_ engine: EmbeddingEngine, _ images: [PixelTensor]) throws -> Measurement {
        let samples = try Samples(budget: budget) { _ = try engine.encoder.encode(images) }
        engine.team.startProductClocks()
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<5 { _ = try engine.encoder.encode(images) }
        let duration = (clock.now - start).seconds
        let products = engine.team.stopProductClocks()

        var measurement = Measurement(stage: "tower", threads: threadCount, batch: images.count, samples)
        let operations = engine.encoder.transformer.configuration.floatingPointOperations
        measurement.gflops = operations * Double(images.count) / samples.median / 1e9
        measurement.shareOutsideProducts = max(0, 1 - products / duration)
        return measurement
    }

    private func whole(_ engine: EmbeddingEngine, _ picture: BenchPicture) -> Measurement {
        let samples = Samples(budget: budget) { _ = engine.embed([picture.bytes]) }
        return Measurement(stage: "whole", threads: threadCount, image: picture.name, samples)
    }

    /// GFLOP/s of a large square product on the same threads.
    private func peak(_ team: ThreadTeam) throws -> Double {
        var product = try ProductPeak(team: team)
        let samples = Samples(minimum: 5, budget: .milliseconds(500)) { product.run() }
        return product.floatingPointOperations / samples.median / 1e9
    }
}
