// SPDX-License-Identifier: MIT
import Imaging
import Testing

@Suite("NumPy files")
struct NPYFileTests {
    @Test("data starts at a multiple of 64 behind a header that NumPy reads")
    func header() throws {
        let file = NPYFile.encode([UInt8](0..<6), shape: [1, 2, 3])
        #expect(file.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0]))
        let start = 10 + Int(file[8]) + Int(file[9]) << 8
        #expect(start % 64 == 0)
        #expect(Array(file[start...]) == [0, 1, 2, 3, 4, 5])
        let text = String(decoding: file[10..<start], as: UTF8.self)
        #expect(text.hasPrefix("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3,), }"))
        #expect(text.hasSuffix("\n"))
    }

    @Test("single-precision numbers are little endian")
    func floats() {
        let file = NPYFile.encode([Float(1), -2], shape: [2])
        #expect(file.suffix(8) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
        #expect(String(decoding: file, as: UTF8.self).contains("'<f4'"))
    }
}
