// SPDX-License-Identifier: MIT
import ArgumentParser
import EmbeddingService
import Tensors

/// One way to set the engine up.
struct BenchSetting {
    let precision: BenchPrecision
    let backend: BenchBackend
    let threads: Int

    func options(batchCapacity: Int) -> ImageEmbedder.Options {
        var options = ImageEmbedder.Options(threadCount: threads, batchCapacity: batchCapacity)
        options.precision = Precision(rawValue: precision.rawValue)
        options.backend = ProductBackend(rawValue: backend.rawValue) ?? .auto
        return options
    }
}

/// Arithmetic that can be timed.
enum BenchPrecision: String, CaseIterable {
    case fp32, bf16, int8, auto
}

/// Matrix products that can be timed.
enum BenchBackend: String, CaseIterable {
    case auto, packed, cblas
}

/// Several choices, `fp32,int8`.
struct OptionList<Choice: RawRepresentable<String> & CaseIterable & Sendable>: ExpressibleByArgument, Sendable
{
    let values: [Choice]

    init(_ values: [Choice]) {
        self.values = values
    }

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        values = names.compactMap { Choice(rawValue: String($0)) }
        guard !values.isEmpty, values.count == names.count else { return nil }
    }

    static var allValueStrings: [String] { Choice.allCases.map(\.rawValue) }

    var defaultValueDescription: String { values.map(\.rawValue).joined(separator: ",") }
}

/// Several numbers from 1 to 1024, `1,8,32`.
struct NumberList: ExpressibleByArgument, Sendable {
    let values: [Int]

    init(_ values: [Int]) {
        self.values = values
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        values = parts.compactMap { Int($0) }.filter { (1...1024).contains($0) }
        guard !values.isEmpty, values.count == parts.count else { return nil }
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}
