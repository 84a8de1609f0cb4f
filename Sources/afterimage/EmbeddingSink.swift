// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Embeddings
import Foundation
import Imaging

/// Where embeddings go: lines as they come, or one array at the end.
protocol EmbeddingSink {
    mutating func append(_ result: EmbeddingResult) throws
    mutating func finish() throws
}

/// The formats of `afterimage embed`.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case jsonl
    case npy

    func makeSink(out: String?) -> any EmbeddingSink {
        switch self {
        case .jsonl: JSONLinesSink(out: out)
        case .npy: NPYSink(out: out)
        }
    }
}

/// One JSON object a line: written as soon as it is known, or together into a file.
struct JSONLinesSink: EmbeddingSink {
    private let out: String?
    private var lines = Data()

    init(out: String?) {
        self.out = out
    }

    mutating func append(_ result: EmbeddingResult) throws {
        let line = Data((Self.line(result) + "\n").utf8)
        if out == nil { try FileHandle.standardOutput.write(contentsOf: line) } else { lines += line }
    }

    func finish() throws {
        if let out { try OutputFile(out).write(lines) }
    }

    /// The object, its keys in the documented order.
    static func line(_ result: EmbeddingResult) -> String {
        let source = JSONText.string(result.source)
        switch result.outcome {
        case .success(let answer):
            let values = answer.values.map(\.description).joined(separator: ",")
            let milliseconds = (answer.preprocessing.seconds + answer.tower.seconds) * 1000
            return """
                {"source":\(source),"model_version":\(JSONText.string(answer.modelVersion.name)),\
                "dimension":\(answer.values.count),"embedding":[\(values)],\
                "milliseconds":\((milliseconds * 10).rounded() / 10)}
                """
        case .failure(let failure):
            return """
                {"source":\(source),"error":{"code":\(JSONText.string(failure.code)),\
                "message":\(JSONText.string(failure.message))}}
                """
        }
    }
}

/// One float32 array [inputs, dimension]; rows of failed inputs are NaN.
struct NPYSink: EmbeddingSink {
    private let out: String?
    private var rows: [[Float]?] = []

    init(out: String?) {
        self.out = out
    }

    mutating func append(_ result: EmbeddingResult) throws {
        if case .failure(let failure) = result.outcome {
            StandardError.print("\(result.source): \(failure.code): \(failure.message)")
        }
        rows.append(try? result.outcome.get().values)
    }

    func finish() throws {
        let dimension = rows.lazy.compactMap { $0?.count }.first ?? 0
        let values = rows.flatMap { $0 ?? Array(repeating: .nan, count: dimension) }
        let file = Data(NPYFile.encode(values, shape: [rows.count, dimension]))
        if let out {
            try OutputFile(out).write(file)
        } else {
            try FileHandle.standardOutput.write(contentsOf: file)
        }
    }
}
