// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Foundation

/// `afterimage-bench`: what the engine takes on this machine, stage by stage.
@main
struct AfterimageBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "afterimage-bench",
        abstract: "Time the engine on this machine, stage by stage.",
        discussion: """
            Prints a table, or one JSON object with --json. Times are per image. Every figure comes from one run on \
            one machine; compare only figures of the same run.

            Example:
              afterimage-bench --stand-in --threads 2 --batch 1,8,32
            """)

    @Option(help: ArgumentHelp("Weights file.", valueName: "FILE"))
    var weights: String?

    @Flag(help: "Make stand-in weights in a temporary folder and use them.")
    var standIn = false

    @Option(help: "Arithmetic of the model.")
    var precision = BenchPrecision.fp32

    @Option(help: "Matrix products.")
    var backend = BenchBackend.auto

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "N"))
    var threads: Int?

    @Option(help: ArgumentHelp("Batch sizes of the tower.", valueName: "N,N,…"))
    var batch = BatchSizes(values: [1, 8, 32])

    @Option(help: ArgumentHelp("Image to time instead of generated scenes; repeatable.", valueName: "FILE"))
    var image: [String] = []

    @Option(help: ArgumentHelp("Seconds for each figure.", valueName: "S"))
    var seconds = 2.0

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: .hidden)
    var coldStartProbe = false

    func validate() throws {
        guard weights != nil || standIn else { throw ValidationError("Name --weights FILE or --stand-in.") }
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads), expected 1 to 1024.")
        }
        guard (0.01...600).contains(seconds) else {
            throw ValidationError("--seconds is \(seconds), expected 0.01 to 600.")
        }
    }

    func run() throws {
        do {
            let source = try BenchWeights(weights)
            let pictures = try BenchPicture.load(image)
            let threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
            if coldStartProbe { return try ColdStart.probe(weights: source.path, pictures[0], threadCount) }
            let benchmark = Benchmark(
                weights: source.path, pictures: pictures, threadCount: threadCount, batchSizes: batch.values,
                budget: .seconds(seconds))
            let report = try benchmark.run()
            print(json ? try report.json() : report.table())
        } catch let error as EmbeddingError {
            FileHandle.standardError.write(
                Data("afterimage-bench: \(error.code): \(error.description)\n".utf8))
            throw ExitCode(1)
        }
    }
}

/// Arithmetic that can be timed.
enum BenchPrecision: String, ExpressibleByArgument, CaseIterable {
    case fp32
}

/// Matrix products that can be timed.
enum BenchBackend: String, ExpressibleByArgument, CaseIterable {
    case auto
    case cblas
}

/// A list of batch sizes, `1,8,32`.
struct BatchSizes: ExpressibleByArgument {
    let values: [Int]

    init(values: [Int]) {
        self.values = values
    }

    init?(argument: String) {
        values = argument.split(separator: ",").compactMap { Int($0) }.filter { (1...256).contains($0) }
        guard !values.isEmpty, values.count == argument.split(separator: ",").count else { return nil }
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}
