// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Foundation

/// `afterimage-bench`: what the engine takes on this machine, stage by stage.
@main
struct AfterimageBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "afterimage-bench",
        abstract: "Time the engine on this machine, stage by stage.",
        discussion: """
            Prints a table, or one JSON object with --json. Times are per image. Every figure comes from one run on \
            one machine; compare only figures of the same run. The limit beside a figure is the time that the same \
            number of operations takes in registers alone, measured just before and after it.

            Example:
              afterimage-bench --stand-in --precision fp32,int8 --threads 1,2 --batch 1,8,32
            """)

    @Option(help: ArgumentHelp("Weights file.", valueName: "FILE"))
    var weights: String?

    @Flag(help: "Make stand-in weights in a temporary folder and use them.")
    var standIn = false

    @Option(
        help: ArgumentHelp("Arithmetic of the model: fp32, bf16, int8 or auto; several.", valueName: "P,P,…"))
    var precision = OptionList<BenchPrecision>([.fp32])

    @Option(help: ArgumentHelp("Matrix products: auto, packed or cblas; several.", valueName: "B,B,…"))
    var backend = OptionList<BenchBackend>([.auto])

    @Option(help: ArgumentHelp("Threads, several; all cores by default.", valueName: "N,N,…"))
    var threads: NumberList?

    @Option(help: ArgumentHelp("Batch sizes of the tower.", valueName: "N,N,…"))
    var batch = NumberList([1, 8, 32])

    @Flag(help: "All precisions and backends, on one thread and on all, with batches of 1, 8 and 32.")
    var all = false

    @Option(help: ArgumentHelp("Image to time instead of generated scenes; repeatable.", valueName: "FILE"))
    var image: [String] = []

    @Option(help: ArgumentHelp("Seconds for each figure.", valueName: "S"))
    var seconds = 2.0

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(
        help: ArgumentHelp(
            "Answer requests, one JSON object a line on standard input, for comparisons with other engines.",
            discussion:
                #"For example {"stage":"tower","batch":8,"runs":5}; stages are tower, whole, preprocess, embed and peak."#
        ))
    var worker = false

    @Option(
        help: ArgumentHelp(
            "Answer requests to search the vectors of this .npy file, as --worker does; with --search-queries.",
            valueName: "FILE"))
    var searchVectors: String?

    @Option(help: ArgumentHelp("Vectors to look for, in a .npy file.", valueName: "FILE"))
    var searchQueries: String?

    @Option(
        help: ArgumentHelp(
            "Time how new events get into the search index of this data directory; adds events to it.",
            valueName: "DIRECTORY"))
    var indexAdditions: String?

    @Flag(help: .hidden)
    var coldStartProbe = false

    func validate() throws {
        guard (searchVectors == nil) == (searchQueries == nil) else {
            throw ValidationError("--search-vectors and --search-queries belong together.")
        }
        guard weights != nil || standIn || searchVectors != nil || indexAdditions != nil else {
            throw ValidationError("Name --weights FILE or --stand-in.")
        }
        guard (0.01...600).contains(seconds) else {
            throw ValidationError("--seconds is \(seconds), expected 0.01 to 600.")
        }
    }

    func run() async throws {
        do {
            if let indexAdditions {
                return try await IndexAdditions(
                    dataDirectory: indexAdditions,
                    threadCount: threads?.values.first ?? ProcessInfo.processInfo.activeProcessorCount
                ).run()
            }
            if let searchVectors, let searchQueries {
                return try SearchWorker(
                    vectors: searchVectors, queries: searchQueries,
                    threadCount: threads?.values.first ?? ProcessInfo.processInfo.activeProcessorCount
                ).run()
            }
            let source = try BenchWeights(weights)
            if worker { return try BenchWorker(source.path, settings[0]).run() }
            let pictures = try BenchPicture.load(image)
            if coldStartProbe { return try ColdStart.probe(weights: source.path, pictures[0], settings[0]) }
            let benchmark = Benchmark(
                weights: source.path, pictures: pictures, settings: settings,
                batchSizes: all ? [1, 8, 32] : batch.values, budget: .seconds(seconds))
            let report = try benchmark.run()
            print(json ? try report.json() : report.table())
        } catch let error as EmbeddingError {
            FileHandle.standardError.write(
                Data("afterimage-bench: \(error.code): \(error.description)\n".utf8))
            throw ExitCode(1)
        }
    }

    /// Every combination asked for that exists: the linked BLAS has single precision only.
    private var settings: [BenchSetting] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let threads = all ? NumberList(cores > 1 ? [1, cores] : [1]) : self.threads ?? NumberList([cores])
        let precisions = all ? [.fp32, .bf16, .int8] : precision.values
        let backends = all ? [.auto, .cblas] : backend.values
        let settings = precisions.flatMap { precision in
            backends.flatMap { backend in
                threads.values.map { BenchSetting(precision: precision, backend: backend, threads: $0) }
            }
        }
        let possible = settings.filter { $0.backend != .cblas || $0.precision == .fp32 }
        // Nothing possible: let the engine say why.
        return possible.isEmpty ? settings : possible
    }
}
