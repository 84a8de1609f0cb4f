// SPDX-License-Identifier: MIT
import Foundation
import Testing

/// A NumPy file of single-precision numbers, read by the tests' own rules.
struct FloatArray {
    let shape: [Int]
    let values: [Float]

    init(_ file: Data) throws {
        let bytes = [UInt8](file)
        try #require(bytes.count > 10 && Array(bytes[..<8]) == [0x93] + Array("NUMPY".utf8) + [1, 0])
        let end = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        try #require(end.isMultiple(of: 64) && end <= bytes.count)
        let header = String(decoding: bytes[10..<end], as: UTF8.self)
        try #require(header.contains("'descr': '<f4'") && header.contains("'fortran_order': False"))
        let tuple = try #require(try #/'shape': \(([0-9, ]*)\)/#.firstMatch(in: header)).output.1
        shape = tuple.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        values = stride(from: end, to: bytes.count, by: 4).map { start in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
        }
        try #require(values.count == shape.reduce(1, *))
    }
}
