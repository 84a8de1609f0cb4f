// SPDX-License-Identifier: MIT

/// Width and height that a header declares, before anything is allocated for them.
struct ImageDimensions: Equatable, Sendable {
    /// Pixels in a row.
    let width: Int
    /// Rows.
    let height: Int

    /// Width times height; two sides of 32 bits could overflow, which counts as the largest number.
    var pixelCount: Int {
        let (product, overflow) = width.multipliedReportingOverflow(by: height)
        return overflow ? Int.max : product
    }
}
