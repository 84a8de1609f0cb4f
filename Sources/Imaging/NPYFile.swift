// SPDX-License-Identifier: MIT

/// Writes arrays in NumPy's file format, version 1.0: C order, little endian.
///
/// Format: NumPy Enhancement Proposal 1.
package struct NPYFile {
    /// A file of unsigned bytes.
    ///
    /// - Precondition: The product of `shape` is the count of `values`; the same for the other type.
    package static func encode(_ values: [UInt8], shape: [Int]) -> [UInt8] {
        header("|u1", shape, count: values.count) + values
    }

    /// A file of single-precision numbers.
    package static func encode(_ values: [Float], shape: [Int]) -> [UInt8] {
        var bytes = header("<f4", shape, count: values.count)
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values {
            let bits = value.bitPattern
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
            }
        }
        return bytes
    }

    private static func header(_ type: String, _ shape: [Int], count: Int) -> [UInt8] {
        precondition(shape.reduce(1, *) == count, "\(count) values for shape \(shape)")
        let sides = shape.map { "\($0)," }.joined(separator: " ")
        let dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sides)), }"
        // Data starts at a multiple of 64; the header ends with a line feed.
        let padding = 63 - (10 + dictionary.utf8.count) % 64
        let text = Array(dictionary.utf8) + [UInt8](repeating: 0x20, count: padding) + [0x0A]
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
    }
}
