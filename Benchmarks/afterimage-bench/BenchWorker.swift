// SPDX-License-Identifier: MIT
import CLIP
import EmbeddingService
import Foundation
import Imaging
import Tensors

/// Times what it is asked for, one request a line on standard input, so that a comparison can run several engines in
/// turn, each with its weights in memory.
///
///     {"stage":"tower","batch":8,"runs":5}                      →  {"milliseconds":[…]}    per image
///     {"stage":"whole","image":"a.jpg","runs":5}                →  {"milliseconds":[…]}
///     {"stage":"preprocess","image":"a.jpg","runs":5}           →  {"milliseconds":[…]}
///     {"stage":"embed","image":"a.jpg"}                         →  {"embedding":[…]}
///     {"stage":"peak","runs":3}                                 →  {"gflops":{"fp32":…,"int8":…}}
struct BenchWorker {
    private let engine: EmbeddingEngine
    private let stages: EngineStages

    init(_ weights: String, _ setting: BenchSetting) throws {
        engine = try EmbeddingEngine(weights: weights, options: setting.options(batchCapacity: 32))
        stages = EngineStages(engine, setting: setting, budget: .zero)
    }

    func run() throws {
        while let line = readLine() {
            let answer: Answer
            do {
                answer = try self.answer(try JSONDecoder().decode(Request.self, from: Data(line.utf8)))
            } catch {
                answer = Answer(error: "\(error)")
            }
            print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
            fflush(nil)
        }
    }

    private func answer(_ request: Request) throws -> Answer {
        let runs = min(max(request.runs ?? 1, 1), 10_000)
        switch request.stage {
        case "tower": return Answer(milliseconds: try tower(min(max(request.batch ?? 1, 1), 256), runs: runs))
        case "whole":
            let bytes = try bytes(request)
            return Answer(milliseconds: try times(runs) { _ = try engine.embed([bytes])[0].get() })
        case "preprocess":
            let bytes = try bytes(request)
            return Answer(milliseconds: try times(runs) { _ = try stages.preprocess(bytes) })
        case "embed": return Answer(embedding: try engine.embed([try bytes(request)])[0].get().values)
        case "peak": return Answer(gflops: peaks(runs))
        default:
            return Answer(
                error: "stage is '\(request.stage)', expected tower, whole, preprocess, embed or peak")
        }
    }

    private func tower(_ batch: Int, runs: Int) throws -> [Double] {
        let side = engine.encoder.transformer.configuration.imageSize
        let values = (0..<3 * side * side).map { Float($0 % 509) / 127 - 2 }
        let images = Array(repeating: PixelTensor(height: side, width: side, values: values), count: batch)
        return try times(runs) { _ = try engine.encoder.encode(images) }.map { $0 / Double(batch) }
    }

    private func peaks(_ runs: Int) -> [String: Double] {
        var peaks: [String: Double] = [:]
        for precision in Precision.allCases {
            let rates = (0..<runs).compactMap { _ in stages.peak(precision) }.sorted()
            if !rates.isEmpty { peaks[precision.rawValue] = rates[rates.count / 2] / 1e9 }
        }
        return peaks
    }

    private func bytes(_ request: Request) throws -> [UInt8] {
        guard let path = request.image else { throw CocoaError(.fileNoSuchFile) }
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    /// Milliseconds of each of `runs` runs.
    private func times(_ runs: Int, _ work: () throws -> Void) rethrows -> [Double] {
        let clock = ContinuousClock()
        return try (0..<runs).map { _ in
            let start = clock.now
            try work()
            return (clock.now - start).seconds * 1000
        }
    }
}

private struct Request: Decodable {
    var stage: String
    var batch: Int?
    var runs: Int?
    var image: String?
}

private struct Answer: Encodable {
    var milliseconds: [Double]?
    var embedding: [Float]?
    var gflops: [String: Double]?
    var error: String?
}
