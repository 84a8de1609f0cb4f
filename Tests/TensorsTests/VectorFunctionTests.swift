// SPDX-License-Identifier: MIT
import Foundation
import Tensors
import Testing

/// Serialized, because the instruction set is a setting of the process; all sets are right, so others may run beside.
@Suite("Vector functions on every instruction set", .serialized)
struct VectorFunctionTests {
    static let levels = Array(0..<VectorFunctions.levelCount)

    /// Runs `body` with instruction set `level`.
    private func withLevel(_ level: Int, _ body: () throws -> Void) rethrows {
        VectorFunctions.useLevel(level)
        defer { VectorFunctions.useLevel(VectorFunctions.levelCount - 1) }
        try body()
    }

    /// Every 1/1000 of the range, an odd number of elements, so that remainders are met.
    private static func grid(_ range: ClosedRange<Float>) -> [Float] {
        Array(stride(from: range.lowerBound, through: range.upperBound, by: 0.001))
    }

    @Test("The exponential is within 2 ulp from −87 to 88", arguments: levels)
    func exponentialIsAccurate(level: Int) {
        withLevel(level) {
            let x = Self.grid(-87...88)
            var worst = (error: 0.0, at: Float.zero)
            for (argument, found) in zip(x, VectorFunctions.exponential(x)) {
                let expected = exp(Double(argument))
                let error = abs(Double(found) - expected) / Double(Float(expected).ulp)
                if error > worst.error { worst = (error, argument) }
            }
            #expect(worst.error <= 2, "\(VectorFunctions.levelName): \(worst.error) ulp at \(worst.at)")
        }
    }

    @Test("Extreme arguments saturate and a NaN stays a NaN", arguments: levels)
    func exponentialSaturates(level: Int) {
        withLevel(level) {
            let low = VectorFunctions.exponential([-.greatestFiniteMagnitude, -.infinity, -1e4, -100, -88])
            #expect(low.allSatisfy { (0...1.2e-38).contains($0) })
            let high = VectorFunctions.exponential([89, 1e4, .greatestFiniteMagnitude, .infinity])
            #expect(high.allSatisfy { (1e38...Float.greatestFiniteMagnitude).contains($0) })
            #expect(VectorFunctions.exponential([.nan])[0].isNaN)
        }
    }

    @Test("A NaN anywhere makes the whole softmax NaN", arguments: levels)
    func softmaxKeepsNaN(level: Int) {
        withLevel(level) {
            for position in 0..<35 {
                var x = Matrix(rows: 1, columns: 35)
                x[0, position] = .nan
                softmaxRows(&x)
                #expect(x.elements(ofRow: 0).allSatisfy { $0.isNaN })
            }
        }
    }

    @Test("The error function is within 3e-7 everywhere, and odd", arguments: levels)
    func errorFunctionIsAccurate(level: Int) {
        withLevel(level) {
            let x = Self.grid(-6...6)
            let found = VectorFunctions.errorFunction(x)
            let worst = zip(x, found).map { abs(Double($1) - erf(Double($0))) }.max() ?? .infinity
            #expect(worst <= 3e-7)
            #expect(VectorFunctions.errorFunction(x.map(-)) == found.map(-))
        }
    }

    @Test("QuickGELU is x·σ(1.702x) and GELU is x·Φ(x)", arguments: levels)
    func activationsFollowTheirDefinitions(level: Int) {
        withLevel(level) {
            let x = Self.grid(-12...12)
            for (activation, definition) in [
                (Activation.quickGELU, { $0 / (1 + exp(-1.702 * $0)) }),
                (.gelu, { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) }),
            ] as [(Activation, (Double) -> Double)] {
                let worst = zip(x.map(Double.init), VectorFunctions.activation(activation, x)).map {
                    argument, found in
                    abs(Double(found) - definition(argument)) / max(1, abs(argument))
                }.max()
                #expect((worst ?? .infinity) <= 1e-6, "\(activation) on \(VectorFunctions.levelName)")
            }
        }
    }
}
