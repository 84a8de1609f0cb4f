// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Foundation

/// The options of every command that computes embeddings.
struct EngineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Weights file; see 'afterimage help weights'.", valueName: "FILE"))
    var weights: String?

    @Option(help: "Arithmetic of the model.")
    var precision = Precision.fp32

    @Option(help: "Matrix products.")
    var backend = Backend.auto

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "N"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads), expected 1 to 1024.")
        }
    }

    /// An embedder whose weights are loaded.
    ///
    /// - Throws: The reason on standard error and exit code 1.
    func makeEmbedder(batchCapacity: Int = 8, dataDirectory: String? = nil) async throws -> ImageEmbedder {
        let path = WeightsLocation.resolve(weights, dataDirectory: dataDirectory)
        do throws(EmbeddingError) {
            return try await ImageEmbedder.preloaded(
                weights: path,
                options: .init(
                    threadCount: threads, batchCapacity: batchCapacity, queueCapacity: max(256, batchCapacity)
                ))
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
    }
}

/// Arithmetic that the engine offers.
enum Precision: String, ExpressibleByArgument, CaseIterable {
    case fp32
}

/// Matrix products that the engine offers.
enum Backend: String, ExpressibleByArgument, CaseIterable {
    case auto
    case cblas
}
