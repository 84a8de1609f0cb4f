// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import Foundation

// consumer WEIGHTS IMAGE: what another package can do with the public names alone.
let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    print("USAGE: consumer WEIGHTS IMAGE")
    exit(64)
}

do {
    let embedder = try await ImageEmbedder.preloaded(weights: arguments[1])
    let image = try Data(contentsOf: URL(filePath: arguments[2]))
    let embedding = try await embedder.embed([UInt8](image))
    print("\(embedding.dimension) numbers of \(embedding.modelVersion), first \(embedding.values.prefix(3))")
} catch let error as EmbeddingError {
    print("\(error.code): \(error)")
    exit(1)
}
