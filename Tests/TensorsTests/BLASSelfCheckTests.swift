import Tensors
// SPDX-License-Identifier: MIT
import TestSupport
import Testing

@Suite("BLAS self-check")
struct BLASSelfCheckTests {
    @Test("The linked library passes")
    func linkedLibraryPasses() throws {
        try BLASSelfCheck.run()
    }

    @Test(
        "A single wrong element fails and names OPENBLAS_CORETYPE", arguments: [Float(1e-3), .nan, .infinity])
    func wrongElementFails(error: Float) {
        let failure = #expect(throws: BLASError.self) {
            try BLASSelfCheck.run(core: "Broken") { a, b, keep, c in
                multiplyNaively(a, b, keep, &c)
                if c.rows == 37 { c[36, 52] += error }
            }
        }
        #expect(failure?.description.contains("OPENBLAS_CORETYPE") == true)
        #expect(failure?.description.contains("Broken") == true)
    }

    @Test("A product that forgets to add to what is there fails")
    func forgottenAdditionFails() {
        #expect(throws: BLASError.self) {
            try BLASSelfCheck.run(core: "Broken") { a, b, _, c in multiplyNaively(a, b, 0, &c) }
        }
    }
}

private func multiplyNaively(_ a: borrowing Matrix, _ b: borrowing Matrix, _ keep: Float, _ c: inout Matrix) {
    for row in 0..<a.rows {
        for column in 0..<b.rows {
            var sum = keep * c[row, column]
            for inner in 0..<a.columns { sum += a[row, inner] * b[column, inner] }
            c[row, column] = sum
        }
    }
}
