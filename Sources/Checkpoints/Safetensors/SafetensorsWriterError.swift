// SPDX-License-Identifier: MIT
package import SystemPackage

/// Why a safetensors file could not be written.
package enum SafetensorsWriterError: Error, Equatable, Sendable {
    /// The system refused to create, write, sync or rename the file.
    case cannotWrite(Errno)
    /// Two declared tensors have one name.
    case duplicateTensor(name: String)
    /// A tensor may not be called `__metadata__`.
    case reservedName
    /// The byte count of a declared shape exceeds 63 bits, or the shape has a negative dimension.
    case shapeUnusable(tensor: String, shape: [Int])
    /// The header would exceed the limit of the format.
    case headerTooLarge(byteCount: Int)
    /// Values came for another tensor than the next one in the order of the file.
    case unexpectedTensor(expected: String?, found: String)
    /// More values came than the tensor has.
    case tooManyBytes(tensor: String, expected: Int, found: Int)
    /// The file was finished before all values had come.
    case incomplete(tensor: String, missingByteCount: Int)
}

extension SafetensorsWriterError: CustomStringConvertible {
    /// Stable identifier for programs.
    package var code: String {
        switch self {
        case .cannotWrite: "cannot_write"
        case .duplicateTensor: "duplicate_tensor"
        case .reservedName: "reserved_name"
        case .shapeUnusable: "shape_unusable"
        case .headerTooLarge: "header_too_large"
        case .unexpectedTensor: "unexpected_tensor"
        case .tooManyBytes: "too_many_bytes"
        case .incomplete: "incomplete_tensors"
        }
    }

    package var description: String {
        switch self {
        case .cannotWrite(let errno):
            "The file cannot be written: \(errno). Check the folder, its permissions and the free space."
        case .duplicateTensor(let name):
            "Tensor \(name) is declared twice, expected once; rename one of them."
        case .reservedName:
            "A tensor is called __metadata__, which the format reserves; rename it."
        case .shapeUnusable(let tensor, let shape):
            "Tensor \(tensor) has shape \(shape), expected dimensions from 0 up whose bytes fit 63 bits."
        case .headerTooLarge(let byteCount):
            "The header takes \(byteCount) bytes, expected at most \(SafetensorsHeader.byteLimit); "
                + "shorten names or metadata."
        case .unexpectedTensor(let expected, let found):
            "Values came for \(found), expected \(expected ?? "none"); append in the writer's order."
        case .tooManyBytes(let tensor, let expected, let found):
            "Values of \(tensor) came with \(found) bytes, expected \(expected) from its shape."
        case .incomplete(let tensor, let missing):
            "Tensor \(tensor) lacks \(missing) bytes; append all values before finishing."
        }
    }
}
