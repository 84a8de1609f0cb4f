// SPDX-License-Identifier: MIT
package import SystemPackage
package import Tensors

/// A memory-mapped, completely checked safetensors file.
///
///     ┌───────────────┬─────────────────────┬────────────────────────────────────┐
///     │ N, UInt64 LE  │ N bytes JSON header │ data: row-major, no gaps, no tail  │
///     └───────────────┴─────────────────────┴────────────────────────────────────┘
///
/// Opening checks every claim of the header, so a tensor handed out later cannot reach outside the
/// mapping. Values are not inspected: a tensor may hold NaN or infinity.
///
/// Format: README of huggingface/safetensors, section "Format".
package struct SafetensorsFile: Sendable {
    /// Whether tensors must lie at multiples of their element size.
    package enum Alignment: Sendable {
        /// As our writer and current libraries store them.
        case required
        /// Older libraries did not pad the header; such files are fit to be converted.
        case any
    }

    /// All tensors by ascending offset.
    package let tensors: [TensorDescription]
    /// The `__metadata__` of the header; empty when absent.
    package let metadata: [String: String]
    /// Size of the whole file.
    package let byteCount: Int

    private let data: ByteSlice
    private let indices: [String: Int]

    /// Maps the file read-only and checks its header; touches no page of the data.
    ///
    /// - Important: Replace a mapped file by renaming a new one over it, as ``SafetensorsWriter`` does.
    /// - Throws: The first violated rule.
    /// - Complexity: O(header bytes + t log t) for t tensors.
    package init(opening path: FilePath, alignment: Alignment = .required) throws(SafetensorsError) {
        let file: ByteSlice
        do {
            file = try ByteSlice(mapping: path)
        } catch {
            throw .cannotOpen(error)
        }
        try self.init(file, alignment: alignment)
    }

    /// Reads a file that is already in memory or mapped.
    package init(_ file: ByteSlice, alignment: Alignment = .required) throws(SafetensorsError) {
        let dataStart = try SafetensorsHeader.dataStart(in: file)
        let header = try SafetensorsHeader(of: file, dataStart: dataStart)
        if alignment == .required { try Self.checkAlignment(of: header.tensors, dataStart: dataStart) }
        tensors = header.tensors
        metadata = header.metadata
        byteCount = file.count
        data = file[dataStart..<file.count]
        indices = Dictionary(tensors.indices.map { (header.tensors[$0].name, $0) }) { first, _ in first }
    }

    /// Whether there is a tensor called `name`.
    package func contains(_ name: String) -> Bool {
        indices[name] != nil
    }

    /// The tensor called `name`, a view of the mapping that keeps it alive.
    ///
    /// - Parameters:
    ///   - name: Full published name, for example `visual_projection.weight`.
    ///   - shape: Required shape; nil accepts any. Another shape is an error, never a reshape.
    /// - Throws: `.tensorNotFound` or `.shapeMismatch`.
    package func tensor(_ name: String, shape: [Int]? = nil) throws(SafetensorsError) -> StoredTensor {
        guard let index = indices[name] else { throw .tensorNotFound(name: name) }
        let tensor = self[tensors[index]]
        if let shape, shape != tensor.shape {
            throw .shapeMismatch(tensor: name, expected: shape, found: tensor.shape)
        }
        return tensor
    }

    /// The tensor that one of ``tensors`` describes.
    package subscript(description: TensorDescription) -> StoredTensor {
        StoredTensor(
            name: description.name, elementType: description.elementType, shape: description.shape,
            bytes: data[description.byteRange])
    }

    private static func checkAlignment(
        of tensors: [TensorDescription], dataStart: Int
    ) throws(SafetensorsError) {
        for tensor in tensors {
            let offset = dataStart + tensor.byteRange.lowerBound
            guard offset.isMultiple(of: tensor.elementType.byteCount) else {
                throw .misaligned(
                    tensor: tensor.name, offset: offset, alignment: tensor.elementType.byteCount)
            }
        }
    }
}
