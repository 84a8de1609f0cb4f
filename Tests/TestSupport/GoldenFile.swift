// SPDX-License-Identifier: MIT
internal import Checkpoints
package import SystemPackage
internal import Tensors

/// Golden vectors in a safetensors file; its metadata says what made them and how to make them again.
package struct GoldenFile {
    private let file: SafetensorsFile

    /// Opens the golden file at `path`.
    package init(_ path: FilePath) throws {
        file = try SafetensorsFile(opening: path)
    }

    /// What the generator said about the vectors.
    package var metadata: [String: String] { file.metadata }

    /// All numbers of the tensor `name`.
    package func values(_ name: String) throws -> [Float] {
        let tensor = try file.tensor(name)
        var values = [Float](repeating: 0, count: tensor.elementCount)
        var span = values.mutableSpan
        tensor.decode(into: &span, elements: 0..<tensor.elementCount)
        return values
    }
}
