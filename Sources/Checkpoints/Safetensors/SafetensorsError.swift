// SPDX-License-Identifier: MIT
package import Tensors

/// Why a file is not an acceptable safetensors file, or why a tensor cannot be had from it.
package enum SafetensorsError: Error, Equatable, Sendable {
    /// The file could not be mapped.
    case cannotOpen(FileMappingError)
    /// The file is shorter than the 8 bytes that hold the header's length.
    case lengthPrefixMissing(fileByteCount: Int)
    /// The declared header length is above the limit of the format.
    case headerTooLarge(declared: UInt64, limit: UInt64)
    /// The declared header reaches beyond the end of the file.
    case headerOutOfBounds(end: Int, fileByteCount: Int)
    /// The header is not UTF-8.
    case headerNotUTF8
    /// The header is not the JSON that the format asks for.
    case headerMalformed(atByte: Int, expected: String)
    /// Two tensors have one name.
    case duplicateTensor(name: String)
    /// A field of a tensor, or a metadata key, is given twice.
    case duplicateKey(tensor: String, key: String)
    /// A tensor lacks `dtype`, `shape` or `data_offsets`.
    case fieldMissing(tensor: String, field: String)
    /// A tensor has a field that the format does not know.
    case fieldUnknown(tensor: String, field: String)
    /// The `dtype` is not one that is supported here.
    case elementTypeUnknown(tensor: String, found: String)
    /// The byte count of a shape exceeds 64 bits.
    case sizeOverflow(tensor: String, shape: [Int])
    /// A tensor ends before it begins.
    case offsetsReversed(tensor: String, start: Int, end: Int)
    /// A tensor does not begin where the one before it ends: a gap or an overlap.
    case offsetsNotContiguous(tensor: String, expectedStart: Int, foundStart: Int)
    /// The byte range does not fit shape and element type.
    case byteCountMismatch(tensor: String, expected: Int, found: Int)
    /// Tensors end before or after the end of the file.
    case dataNotCovered(describedEnd: Int, dataByteCount: Int)
    /// The values do not lie at a multiple of the element size.
    case misaligned(tensor: String, offset: Int, alignment: Int)
    /// There is no tensor of this name.
    case tensorNotFound(name: String)
    /// A tensor has another shape than the caller needs.
    case shapeMismatch(tensor: String, expected: [Int], found: [Int])
    /// A tensor has another element type than the caller needs.
    case elementTypeMismatch(tensor: String, expected: ElementType, found: ElementType)
}

extension SafetensorsError: CustomStringConvertible {
    /// Stable identifier for programs.
    package var code: String {
        switch self {
        case .cannotOpen(let error): error.code
        case .lengthPrefixMissing: "length_prefix_missing"
        case .headerTooLarge: "header_too_large"
        case .headerOutOfBounds: "header_out_of_bounds"
        case .headerNotUTF8: "header_not_utf8"
        case .headerMalformed: "header_malformed"
        case .duplicateTensor: "duplicate_tensor"
        case .duplicateKey: "duplicate_key"
        case .fieldMissing: "field_missing"
        case .fieldUnknown: "field_unknown"
        case .elementTypeUnknown: "element_type_unknown"
        case .sizeOverflow: "size_overflow"
        case .offsetsReversed: "offsets_reversed"
        case .offsetsNotContiguous: "offsets_not_contiguous"
        case .byteCountMismatch: "byte_count_mismatch"
        case .dataNotCovered: "data_not_covered"
        case .misaligned: "misaligned_tensor"
        case .tensorNotFound: "tensor_not_found"
        case .shapeMismatch: "shape_mismatch"
        case .elementTypeMismatch: "element_type_mismatch"
        }
    }

    package var description: String {
        if case .cannotOpen(let error) = self { return error.description }
        return "\(fact) \(nextStep)"
    }

    private var nextStep: String {
        switch self {
        case .tensorNotFound, .shapeMismatch, .elementTypeMismatch:
            "Convert the model again with `afterimage weights convert`."
        case .misaligned: "Rewrite the file with `afterimage weights convert`."
        default: "The file is damaged or not safetensors; fetch or convert it again."
        }
    }

    private var fact: String {
        switch self {
        case .cannotOpen(let error):
            error.description
        case .lengthPrefixMissing(let count):
            "The file has \(count) bytes, expected at least 8 for the header's length."
        case .headerTooLarge(let declared, let limit):
            "The header is declared with \(declared) bytes, expected at most \(limit)."
        case .headerOutOfBounds(let end, let count):
            "The header is declared to end at byte \(end), but the file has \(count) bytes."
        case .headerNotUTF8:
            "The header is not UTF-8 text."
        case .headerMalformed(let position, let expected):
            "At byte \(position) of the header, expected \(expected)."
        case .duplicateTensor(let name):
            "The header describes tensor \(name) twice, expected once."
        case .duplicateKey(let tensor, let key):
            "The header gives \(key) of \(tensor) twice, expected once."
        case .fieldMissing(let tensor, let field):
            "Tensor \(tensor) has no \(field) in the header."
        case .fieldUnknown(let tensor, let field):
            "Tensor \(tensor) has a field \(field), expected dtype, shape and data_offsets only."
        case .elementTypeUnknown(let tensor, let found):
            "Tensor \(tensor) has dtype \(found), expected one of \(Self.knownTypes)."
        case .sizeOverflow(let tensor, let shape):
            "The byte count of tensor \(tensor) with shape \(shape) exceeds 64 bits."
        case .offsetsReversed(let tensor, let start, let end):
            "Tensor \(tensor) begins at \(start) and ends at \(end), expected an end after the beginning."
        case .offsetsNotContiguous(let tensor, let expected, let found):
            "Tensor \(tensor) begins at \(found) of the data, expected \(expected), the end of the one before."
        case .byteCountMismatch(let tensor, let expected, let found):
            "Tensor \(tensor) has a range of \(found) bytes, expected \(expected) from its shape and dtype."
        case .dataNotCovered(let end, let count):
            "The tensors end at \(end) of the data, expected \(count), the end of the file."
        case .misaligned(let tensor, let offset, let alignment):
            "Tensor \(tensor) lies at byte \(offset) of the file, expected a multiple of \(alignment)."
        case .tensorNotFound(let name):
            "There is no tensor \(name) in the file."
        case .shapeMismatch(let tensor, let expected, let found):
            "Tensor \(tensor) has shape \(found), expected \(expected)."
        case .elementTypeMismatch(let tensor, let expected, let found):
            "Tensor \(tensor) holds \(found), expected \(expected)."
        }
    }

    private static var knownTypes: String {
        ElementType.allCases.map(\.safetensorsName).joined(separator: ", ")
    }
}
