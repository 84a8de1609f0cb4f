// SPDX-License-Identifier: MIT
import Foundation
package import SystemPackage

/// The checkpoints that are known by content: addresses, lengths, checksums and licences.
///
/// The program carries ``builtIn``, so it works from any folder; `weights/manifest.json` holds the same
/// values for people and tools, and a test keeps both equal.
package struct WeightsManifest: Codable, Equatable, Sendable {
    /// The only layout that this program reads.
    package static let supportedFormat = 1

    /// Layout of the file.
    package let format: Int
    /// Name of the source that is taken when none is asked for.
    package let `default`: String
    /// In the order in which help and errors list them.
    package let sources: [WeightsSource]

    /// Reads a manifest and checks its claims: format, at least one source, unique names, a default that exists.
    ///
    /// - Throws: `.manifestUnreadable` with the first violated rule.
    package static func read(from path: FilePath) throws(WeightsFetchError) -> WeightsManifest {
        let manifest: WeightsManifest
        do {
            let contents = try Data(contentsOf: URL(fileURLWithPath: path.string))
            manifest = try JSONDecoder().decode(WeightsManifest.self, from: contents)
        } catch {
            throw .manifestUnreadable(path: path.string, reason: reason(of: error))
        }
        if let fault = manifest.fault { throw .manifestUnreadable(path: path.string, reason: fault) }
        return manifest
    }

    /// The source called `name`, or nil.
    package subscript(name name: String) -> WeightsSource? { sources.first { $0.name == name } }

    private var fault: String? {
        guard format == Self.supportedFormat else {
            return "format is \(format), expected \(Self.supportedFormat)"
        }
        guard Set(sources.map(\.name)).count == sources.count else { return "two sources share a name" }
        guard self[name: `default`] != nil else { return "the default '\(`default`)' is none of its sources" }
        let lengths = sources.map(\.byteCount) + sources.flatMap(\.companions).map(\.byteCount)
        guard lengths.allSatisfy({ $0.map { $0 > 0 } ?? true }) else { return "a byte_count is not positive" }
        return nil
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "'\(key.stringValue)' is missing at \(place(context))"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "another type was expected at \(place(context))"
        case DecodingError.dataCorrupted(let context):
            "it is not JSON as expected at \(place(context))"
        case let error as WeightsFetchError: error.description
        case let error as CocoaError where error.code == .fileReadNoSuchFile: "there is no such file"
        default: "the file cannot be read"
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        return keys.isEmpty ? "the top" : keys.joined(separator: ".")
    }
}
