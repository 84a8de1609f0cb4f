// SPDX-License-Identifier: MIT
import Tensors

/// Parses the JSON of a safetensors header and checks each tensor by itself.
struct SafetensorsHeaderParser {
    private var scanner: JSONScanner
    private let isUTF8: Bool

    init(_ bytes: [UInt8]) {
        isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        scanner = JSONScanner(bytes)
    }

    /// Parses the whole header; only spaces may follow the closing brace.
    mutating func parse() throws(SafetensorsError) -> (
        tensors: [TensorDescription], metadata: [String: String]
    ) {
        guard isUTF8 else { throw .headerNotUTF8 }
        var tensors: [TensorDescription] = []
        var metadata: [String: String]?
        var names: Set<String> = []
        guard scanner.position == 0, scanner.isAt("{") else { throw scanner.malformed("'{'") }
        try scanner.list(open: "{", close: "}") { (scanner) throws(SafetensorsError) in
            let name = try scanner.string()
            try scanner.require(":")
            if name == "__metadata__" {
                guard metadata == nil else { throw .duplicateTensor(name: name) }
                metadata = try Self.metadata(&scanner)
            } else {
                guard names.insert(name).inserted else { throw .duplicateTensor(name: name) }
                tensors.append(try Self.tensor(name, &scanner))
            }
        }
        guard scanner.peek() == nil else { throw scanner.malformed("nothing but spaces after '}'") }
        return (tensors, metadata ?? [:])
    }

    private static func metadata(_ scanner: inout JSONScanner) throws(SafetensorsError) -> [String: String] {
        var metadata: [String: String] = [:]
        try scanner.list(open: "{", close: "}") { (scanner) throws(SafetensorsError) in
            let key = try scanner.string()
            try scanner.require(":")
            guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
                throw .duplicateKey(tensor: "__metadata__", key: key)
            }
        }
        return metadata
    }

    private static func tensor(
        _ name: String, _ scanner: inout JSONScanner
    ) throws(SafetensorsError) -> TensorDescription {
        var fields = TensorFields(name: name)
        try scanner.list(open: "{", close: "}") { (scanner) throws(SafetensorsError) in
            let field = try scanner.string()
            try scanner.require(":")
            try fields.read(field, from: &scanner)
        }
        return try fields.description()
    }
}

/// The fields of one tensor while they are read, in any order.
private struct TensorFields {
    let name: String
    private var elementType: ElementType?
    private var shape: [Int]?
    private var offsets: [Int]?

    init(name: String) {
        self.name = name
    }

    mutating func read(_ field: String, from scanner: inout JSONScanner) throws(SafetensorsError) {
        switch field {
        case "dtype":
            guard elementType == nil else { throw .duplicateKey(tensor: name, key: field) }
            let word = try scanner.string()
            guard let type = ElementType(safetensorsName: word) else {
                throw .elementTypeUnknown(tensor: name, found: word)
            }
            elementType = type
        case "shape":
            guard shape == nil else { throw .duplicateKey(tensor: name, key: field) }
            shape = try Self.numbers(&scanner)
        case "data_offsets":
            guard offsets == nil else { throw .duplicateKey(tensor: name, key: field) }
            let numbers = try Self.numbers(&scanner)
            guard numbers.count == 2 else { throw scanner.malformed("two data_offsets") }
            offsets = numbers
        default:
            throw .fieldUnknown(tensor: name, field: field)
        }
    }

    private static func numbers(_ scanner: inout JSONScanner) throws(SafetensorsError) -> [Int] {
        var numbers: [Int] = []
        try scanner.list(open: "[", close: "]") { (scanner) throws(SafetensorsError) in
            numbers.append(try scanner.naturalNumber())
        }
        return numbers
    }

    func description() throws(SafetensorsError) -> TensorDescription {
        guard let elementType else { throw .fieldMissing(tensor: name, field: "dtype") }
        guard let shape else { throw .fieldMissing(tensor: name, field: "shape") }
        guard let offsets else { throw .fieldMissing(tensor: name, field: "data_offsets") }
        guard offsets[0] <= offsets[1] else {
            throw .offsetsReversed(tensor: name, start: offsets[0], end: offsets[1])
        }
        var expected = elementType.byteCount
        for dimension in shape {
            let (product, overflowed) = expected.multipliedReportingOverflow(by: dimension)
            guard !overflowed else { throw .sizeOverflow(tensor: name, shape: shape) }
            expected = product
        }
        guard expected == offsets[1] - offsets[0] else {
            throw .byteCountMismatch(tensor: name, expected: expected, found: offsets[1] - offsets[0])
        }
        return TensorDescription(
            name: name, elementType: elementType, shape: shape, byteRange: offsets[0]..<offsets[1])
    }
}
