// SPDX-License-Identifier: MIT
internal import CGEMMKernels

/// One way to multiply by packed weights: a precision on an instruction set.
///
/// Weights are packed for a precision, rows of activations for a kernel; see `CGEMMKernels.h` for both layouts.
package struct ProductKernel: Sendable, Hashable {
    /// Columns of a panel.
    static let panelColumns = Int(GEMM_PANEL_COLUMNS)
    /// Bytes of one step of a panel.
    static let stepBytes = Int(GEMM_STEP_BYTES)
    /// Rows of the largest tile of any kernel.
    static let largestTile = Int(GEMM_LARGEST_TILE)

    let index: Int32
    /// Arithmetic of the product.
    package let precision: Precision

    /// The kernels that this processor can run, the fastest of each precision first.
    package static let supported: [ProductKernel] = (0..<gemm_kernel_count()).compactMap { index in
        gemm_kernel_is_supported(index) != 0 ? ProductKernel(index: index) : nil
    }

    private init?(index: Int32) {
        guard let precision = Precision(kernel: gemm_kernel_precision(index)) else { return nil }
        self.index = index
        self.precision = precision
    }

    /// Name of the instruction set, for example `AVX-512 VNNI`.
    package var name: String {
        guard let name = unsafe gemm_kernel_name(index) else { return "unknown" }
        return unsafe String(cString: name)
    }

    /// Whether it is plain C, which every processor runs.
    package var isPortable: Bool { name == "portable" }

    /// Rows of the largest tile.
    var tileRows: Int { Int(gemm_tile_rows(index)) }

    /// Bytes of one depth of a row in a tile.
    var tileElementBytes: Int { gemm_tile_element_bytes(index) }
}

extension Precision {
    init?(kernel code: Int32) {
        switch UInt32(code) {
        case GEMM_FP32.rawValue: self = .fp32
        case GEMM_BF16.rawValue: self = .bf16
        case GEMM_INT8.rawValue: self = .int8
        default: return nil
        }
    }

    /// `enum gemm_precision`.
    var code: Int32 {
        switch self {
        case .fp32: Int32(GEMM_FP32.rawValue)
        case .bf16: Int32(GEMM_BF16.rawValue)
        case .int8: Int32(GEMM_INT8.rawValue)
        }
    }

    /// Steps of a panel that `depth` inputs take.
    func stepCount(_ depth: Int) -> Int {
        let step = gemm_step_depth(code)
        return (depth + step - 1) / step
    }

    /// `depth` rounded up to whole steps of a panel.
    func paddedDepth(_ depth: Int) -> Int {
        stepCount(depth) * gemm_step_depth(code)
    }
}
