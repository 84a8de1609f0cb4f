// SPDX-License-Identifier: MIT
internal import CGEMMKernels

/// One way to multiply by packed weights: a format on an instruction set.
///
/// Weights are packed for a format, activations rounded for a kernel; see `CGEMMKernels.h` for both layouts.
package struct ProductKernel: Sendable, Hashable {
    /// Columns of a panel.
    static let panelColumns = Int(GEMM_PANEL_COLUMNS)
    /// Bytes of one step of a panel.
    static let stepBytes = Int(GEMM_STEP_BYTES)
    /// Rows of the largest tile of any kernel.
    static let largestTile = Int(GEMM_LARGEST_TILE)

    let index: Int32
    /// What the factors are rounded to.
    package let format: ProductFormat

    /// The kernels that this processor can run, the fastest of each format first.
    package static let supported: [ProductKernel] = (0..<gemm_kernel_count()).compactMap { index in
        gemm_kernel_is_supported(index) != 0 ? ProductKernel(index: index) : nil
    }

    private init?(index: Int32) {
        guard let format = ProductFormat(code: gemm_kernel_format(index)) else { return nil }
        self.index = index
        self.format = format
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

    /// Bytes of one depth of a row as it reads it.
    var rowElementBytes: Int { gemm_row_element_bytes(index) }

    /// Whether rows must be rounded for it; else it reads floats as they are.
    var roundsRows: Bool { gemm_rounds_rows(index) != 0 }
}
