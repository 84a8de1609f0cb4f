// SPDX-License-Identifier: MIT

/// Search for NaN and infinity.
package enum FiniteValues {
    /// Whether no value is NaN or infinite: none has all bits of the exponent set.
    package static func areFinite(_ values: Span<Float>) -> Bool {
        // Counted without a branch, so that the compiler makes vectors of the loop.
        var worst: Int32 = 0
        for index in values.indices {
            let exponent = Int32(bitPattern: values[index].bitPattern & 0x7F80_0000)
            worst |= exponent == 0x7F80_0000 ? 1 : 0
        }
        return worst == 0
    }
}
