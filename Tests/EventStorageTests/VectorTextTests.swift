import TestSupport
// SPDX-License-Identifier: MIT
import Testing

@testable import EventStorage

@Suite struct VectorTextTests {
    @Test(
        arguments: [
            ("[1, -2.5,3e2]", [1, -2.5, 300]), (" [ 0.1 ] ", [0.1]), ("[1E-3,+4]", [0.001, 4]),
            ("[0.000000000000000000000000000001]", [1e-30]),
            ("[123456789012345678901234567890]", [1.2345679e29]),
            ("[-0.0]", [-0.0]),
            (
                "[1.17549435e-38, 1e-45, 3.4028235e38]",
                [.leastNormalMagnitude, .leastNonzeroMagnitude, 3.4028235e38]
            ),
            // In the middle between two numbers, and a hair beside it.
            ("[1.000000059604644775390625, 1.0000000596046447753906251]", [1.0, 1.0000001]),
            ("[16777217, 16777217.0000001]", [16_777_216, 16_777_218]),
        ] as [(String, [Float])])
    func readsWhatJSONSays(text: String, values: [Float]) {
        #expect(VectorText.values(text)?.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test(arguments: [
        "", "[", "]", "[]", "[1", "[1,]", "[,1]", "[1 2]", "1,2", "[1]]", "[1],", "[NaN]", "[null]",
        "[\"1\"]", "[1e]",
        "[1e+]", "[.]", "[-]", "[1e39]", "[0x1p3]", "[infinity]", "{}", "[1,2", "[[1]]", "[1\u{0}]",
    ])
    func readsNothingElse(text: String) {
        #expect(VectorText.values(text) == nil)
    }

    @Test func readsAsTheStandardLibraryDoes() {
        var generator = SeededGenerator(seed: 20_261_123)
        for _ in 0..<200_000 {
            let bits = UInt32(truncatingIfNeeded: generator.next())
            let single = Float(bitPattern: bits)
            let double = Double(single) * (1 + Double(generator.float()) * 1e-7)
            for text in [single.description, double.description] where Float(text)?.isFinite == true {
                #expect(
                    VectorText.values("[\(text)]")?.first?.bitPattern == Float(text)?.bitPattern, "\(text)")
            }
        }
    }
}
