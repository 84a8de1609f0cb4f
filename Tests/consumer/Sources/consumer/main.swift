// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import EventServer
import Foundation
import Logging

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

    // The whole server inside of another program, until that program has had enough of it.
    let folder = FileManager.default.temporaryDirectory.appending(path: "consumer-\(UUID().uuidString)").path
    var configuration = AfterimageServer.Configuration(dataDirectory: folder, weights: arguments[1])
    configuration.http.port = 0
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    let server = AfterimageServer(configuration, logger: Logger(label: "consumer")) {
        listening.yield($0)
        listening.finish()
    }
    let serving = Task { try await server.run() }
    for await port in ports { print("a server on port \(port)") }
    serving.cancel()
    _ = await serving.result
    try FileManager.default.removeItem(atPath: folder)
} catch let error as EmbeddingError {
    print("\(error.code): \(error)")
    exit(1)
}
