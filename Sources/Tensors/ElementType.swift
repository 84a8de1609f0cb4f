// SPDX-License-Identifier: MIT

/// The number formats that a stored tensor may have; all little-endian.
package enum ElementType: String, Sendable, Hashable, CaseIterable {
    case float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, bool

    /// Bytes of one element: 1, 2, 4 or 8.
    package var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Whether elements are floating-point numbers.
    package var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16: true
        case .int64, .int32, .int16, .int8, .uint8, .bool: false
        }
    }

    /// The `dtype` word of a safetensors header, for example `F16`.
    package var safetensorsName: String {
        switch self {
        case .float64: "F64"
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .int64: "I64"
        case .int32: "I32"
        case .int16: "I16"
        case .int8: "I8"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }

    /// The type that a safetensors header calls `name`; nil for words not supported here.
    package init?(safetensorsName name: String) {
        guard let found = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
        self = found
    }
}
