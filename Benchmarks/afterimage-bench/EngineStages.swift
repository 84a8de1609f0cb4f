// SPDX-License-Identifier: MIT
import CLIP
import EmbeddingService
import Imaging
import Tensors

/// Times the stages of one engine.
struct EngineStages {
    private let engine: EmbeddingEngine
    private let setting: BenchSetting
    private let budget: Duration
    let preprocess: ImagePreprocessor

    init(_ engine: EmbeddingEngine, setting: BenchSetting, budget: Duration) {
        self.engine = engine
        self.setting = setting
        self.budget = budget
        preprocess = ImagePreprocessor(imageSize: engine.encoder.transformer.configuration.imageSize)
    }

    /// What the figures are labelled with: what runs, not what was asked for.
    private var labels: (precision: String, backend: String) {
        let plan = engine.encoder.transformer.plan
        return (plan.precision.rawValue, plan.encoder == nil ? "cblas" : "packed")
    }

    func preprocessing(_ picture: BenchPicture) throws -> [Measurement] {
        let image = try preprocess.decoded(picture.bytes)
        return [
            ("decode", try Samples(budget: budget) { _ = try preprocess.decoded(picture.bytes) }),
            ("resize", try Samples(budget: budget) { _ = try preprocess.tensor(image) }),
            ("preprocess", try Samples(budget: budget) { _ = try preprocess(picture.bytes) }),
        ].map {
            Measurement(
                stage: $0.0, precision: "fp32", backend: "none", threads: 1, image: picture.name, $0.1)
        }
    }

    /// The tower on `images` at once.
    func tower(_ images: [PixelTensor]) throws -> Measurement {
        let transformer = engine.encoder.transformer
        let operations = transformer.configuration.floatingPointOperations * Double(images.count)
        // How often the time that the operations would take in registers alone, just before and after.
        var limits: [Double] = []
        let samples = try Samples(budget: budget) {
            let before = peak(transformer.plan.precision)
            return {
                guard let before, let after = peak(transformer.plan.precision) else { return }
                limits.append(operations / ((before + after) / 2))
            }
        } _: {
            _ = try engine.encoder.encode(images)
        }
        var measurement = Measurement(
            stage: "tower", precision: labels.precision, backend: labels.backend, threads: setting.threads,
            batch: images.count, samples)
        measurement.gflops = operations / samples.median / 1e9
        measurement.overLimit = samples.ratios(to: limits).median
        if labels.backend == "cblas" { measurement.shareOutsideProducts = try shareOutsideProducts(images) }
        return measurement
    }

    /// Share of the tower's time that is not spent inside `cblas_sgemm`.
    private func shareOutsideProducts(_ images: [PixelTensor]) throws -> Double {
        engine.team.startProductClocks()
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<5 { _ = try engine.encoder.encode(images) }
        let duration = (clock.now - start).seconds
        return max(0, 1 - engine.team.stopProductClocks() / duration)
    }

    /// Bytes to embedding, one image.
    func whole(_ picture: BenchPicture) -> Measurement {
        let samples = Samples(budget: budget) { _ = engine.embed([picture.bytes]) }
        return Measurement(
            stage: "whole", precision: labels.precision, backend: labels.backend, threads: setting.threads,
            image: picture.name, samples)
    }

    /// Operations a second in registers with the fastest instruction for `precision`, on this engine's threads.
    func peak(_ precision: Precision) -> Double? {
        ProductKernel.supported.first { $0.format.rawValue == precision.rawValue }.flatMap {
            KernelPeak(engine.team).operationsPerSecond($0, milliseconds: 2)
        }
    }
}
