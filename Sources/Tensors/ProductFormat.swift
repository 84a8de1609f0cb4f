// SPDX-License-Identifier: MIT
internal import CGEMMKernels

/// What the factors of a packed product are rounded to.
package enum ProductFormat: String, Sendable, Hashable, CaseIterable {
    /// Single precision: not at all.
    case fp32
    /// bfloat16; sums in single precision.
    case bf16
    /// Weights to 12 bits and activations to 11; exact sums.
    case int16
    /// 8 bits; exact sums.
    case int8

    init?(code: Int32) {
        guard let format = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = format
    }

    /// `enum gemm_format`.
    var code: Int32 {
        switch self {
        case .fp32: Int32(GEMM_FP32.rawValue)
        case .bf16: Int32(GEMM_BF16.rawValue)
        case .int8: Int32(GEMM_INT8.rawValue)
        case .int16: Int32(GEMM_INT16.rawValue)
        }
    }

    /// Whether factors are integers with a scale for each row.
    var isInteger: Bool { self == .int8 || self == .int16 }

    /// Inputs of one step of a panel; `gemm_step_depth`, here because it is asked for in inner loops.
    var stepDepth: Int {
        switch self {
        case .fp32: 4
        case .bf16, .int16: 8
        case .int8: 16
        }
    }

    /// Steps of a panel that `depth` inputs take.
    func stepCount(_ depth: Int) -> Int { (depth + stepDepth - 1) / stepDepth }

    /// `depth` rounded up to whole steps of a panel.
    func paddedDepth(_ depth: Int) -> Int { stepCount(depth) * stepDepth }
}
