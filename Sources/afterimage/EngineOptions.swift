// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Foundation
import Tensors

/// The options of every command that computes embeddings.
struct EngineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Weights file; see 'afterimage help weights'.", valueName: "FILE"))
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "Arithmetic of the model; auto is the fastest here that keeps a cosine of 0.9999 to fp32."))
    var precision = PrecisionChoice.fp32

    @Option(help: "Matrix products: our own kernels (packed), the linked BLAS, or what fits (auto).")
    var backend = BackendChoice.auto

    @Option(help: ArgumentHelp("Threads; all cores by default.", valueName: "N"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads), expected 1 to 1024.")
        }
    }

    /// An embedder of texts that are compared with this engine's images; it loads its weights with the first text.
    func makeTextEmbedder(dataDirectory: String? = nil) -> TextEmbedder {
        var options = TextEmbedder.Options(threadCount: threads)
        options.backend = backend.value
        options.imagePrecision = precision.value
        return TextEmbedder(
            weights: WeightsLocation.resolve(weights, dataDirectory: dataDirectory), options: options)
    }

    /// An embedder whose weights are loaded.
    ///
    /// - Throws: The reason on standard error and exit code 1.
    func makeEmbedder(batchCapacity: Int = 8, dataDirectory: String? = nil) async throws -> ImageEmbedder {
        let path = WeightsLocation.resolve(weights, dataDirectory: dataDirectory)
        var options = ImageEmbedder.Options(
            threadCount: threads, batchCapacity: batchCapacity, queueCapacity: max(256, batchCapacity))
        options.precision = precision.value
        options.backend = backend.value
        do throws(EmbeddingError) {
            let embedder = try await ImageEmbedder.preloaded(weights: path, options: options)
            for notice in embedder.notices { StandardError.print(notice) }
            return embedder
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
    }
}

/// Arithmetic that can be asked for.
enum PrecisionChoice: String, ExpressibleByArgument, CaseIterable {
    case fp32, bf16, int8, auto

    /// The precision; nil for auto.
    var value: Precision? { Precision(rawValue: rawValue) }
}

/// Who multiplies matrices.
enum BackendChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, packed, cblas

    var value: ProductBackend {
        switch self {
        case .auto: .auto
        case .packed: .packed
        case .cblas: .cblas
        }
    }
}
