// SPDX-License-Identifier: MIT
import Tensors

/// Spells the header of a safetensors file, the same bytes on every machine.
enum SafetensorsHeaderFormat {
    /// Length prefix and JSON, padded with spaces so that the data starts at a multiple of 64 bytes.
    static func header(_ tensors: [TensorDescription], _ metadata: [String: String]) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                .map { "\(quoted($0.key)):\(quoted($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        members += tensors.map(member)
        var json = Array("{\(members.joined(separator: ","))}".utf8)
        let padding = (64 - (8 + json.count) % 64) % 64
        json += [UInt8](repeating: UInt8(ascii: " "), count: padding)
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> ($0 * 8)) }
        return prefix + json
    }

    private static func member(_ tensor: TensorDescription) -> String {
        let shape = tensor.shape.map(String.init).joined(separator: ",")
        return "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.elementType.safetensorsName)\","
            + "\"shape\":[\(shape)],"
            + "\"data_offsets\":[\(tensor.byteRange.lowerBound),\(tensor.byteRange.upperBound)]}"
    }

    /// A JSON string; only quotes, backslashes and control characters are escaped.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
