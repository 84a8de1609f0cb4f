// SPDX-License-Identifier: MIT
import Tensors

/// The parsed and completely checked header of a safetensors file.
struct SafetensorsHeader {
    /// Headers above this are refused before any allocation; the reference uses the same limit.
    static let byteLimit: UInt64 = 100_000_000

    /// By ascending offset; contiguous from 0 to the end of the data.
    let tensors: [TensorDescription]
    let metadata: [String: String]

    /// Parses and checks the header of `file`.
    ///
    /// - Complexity: O(header bytes + t log t) for t tensors; touches no data page.
    init(of file: ByteSlice, dataStart: Int) throws(SafetensorsError) {
        var parser = SafetensorsHeaderParser([UInt8](file[8..<dataStart]))
        let parsed = try parser.parse()
        tensors = parsed.tensors.sorted {
            ($0.byteRange.lowerBound, $0.byteRange.upperBound, $0.name)
                < ($1.byteRange.lowerBound, $1.byteRange.upperBound, $1.name)
        }
        metadata = parsed.metadata
        try Self.checkCoverage(of: tensors, dataByteCount: file.count - dataStart)
    }

    /// Where the data section of `file` starts, from the length prefix.
    static func dataStart(in file: ByteSlice) throws(SafetensorsError) -> Int {
        guard file.count >= 8 else { throw .lengthPrefixMissing(fileByteCount: file.count) }
        let declared: UInt64 = file.littleEndian(at: 0)
        guard declared <= byteLimit else { throw .headerTooLarge(declared: declared, limit: byteLimit) }
        let end = 8 + Int(declared)  // at most 100,000,008
        guard end <= file.count else { throw .headerOutOfBounds(end: end, fileByteCount: file.count) }
        return end
    }

    /// Checks that the ranges follow each other from 0 to the end of the data without gap or overlap.
    private static func checkCoverage(
        of tensors: [TensorDescription], dataByteCount: Int
    ) throws(SafetensorsError) {
        var end = 0
        for tensor in tensors {
            guard tensor.byteRange.lowerBound == end else {
                throw .offsetsNotContiguous(
                    tensor: tensor.name, expectedStart: end, foundStart: tensor.byteRange.lowerBound)
            }
            end = tensor.byteRange.upperBound
        }
        guard end == dataByteCount else {
            throw .dataNotCovered(describedEnd: end, dataByteCount: dataByteCount)
        }
    }
}
