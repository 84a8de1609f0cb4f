// SPDX-License-Identifier: MIT

/// Search for NaN and infinity.
package enum FiniteValues {
    /// Whether no value is NaN or infinite: none has all bits of the exponent set.
    package static func areFinite(_ values: Span<Float>) -> Bool {
        var areFinite = true
        for index in values.indices {
            areFinite = areFinite && values[index].bitPattern & 0x7F80_0000 != 0x7F80_0000
        }
        return areFinite
    }
}
