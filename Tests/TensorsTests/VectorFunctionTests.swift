// SPDX-License-Identifier: MIT
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Vector functions")
struct VectorFunctionTests {
    /// Every 1/1000 of the range, eight neighbours at a time.
    private static func grid(_ range: ClosedRange<Float>) -> [Lanes] {
        stride(from: range.lowerBound, to: range.upperBound, by: 0.008).map { start in
            var lanes = Lanes.zero
            for lane in 0..<8 { lanes[lane] = min(start + Float(lane) * 0.001, range.upperBound) }
            return lanes
        }
    }

    @Test("The exponential is within 2 ulp from −87 to 88")
    func exponentialIsAccurate() {
        var worst = (error: 0.0, at: Float.zero)
        for x in Self.grid(-87...88) {
            let found = exponential(x)
            for lane in 0..<8 {
                let expected = exp(Double(x[lane]))
                let error = abs(Double(found[lane]) - expected) / Double(Float(expected).ulp)
                if error > worst.error { worst = (error, x[lane]) }
            }
        }
        #expect(worst.error <= 2, "\(worst.error) ulp at \(worst.at)")
    }

    @Test(
        "Far below zero the exponential vanishes",
        arguments: [-Float.greatestFiniteMagnitude, -1e4, -100, -88])
    func exponentialVanishes(x: Float) {
        #expect((0...1.2e-38).contains(exponential(Lanes(repeating: x))[0]))
    }

    @Test("A NaN stays a NaN, alone and inside a softmax")
    func notANumberSurvives() {
        #expect(exponential(Lanes(repeating: .nan))[0].isNaN)
        for position in 0..<9 {
            var x = Matrix(rows: 1, columns: 9)
            x[0, position] = .nan
            softmaxRows(&x)
            #expect(x.elements(ofRow: 0).allSatisfy(\.isNaN))
        }
    }

    @Test(
        "Far above zero the exponential is large and finite",
        arguments: [89, 1e4, Float.greatestFiniteMagnitude])
    func exponentialSaturates(x: Float) {
        #expect((1e38...Float.greatestFiniteMagnitude).contains(exponential(Lanes(repeating: x))[0]))
    }

    @Test("The error function is within 3e-7 everywhere, and odd")
    func errorFunctionIsAccurate() {
        for x in Self.grid(-6...6) {
            let found = errorFunction(x)
            let mirrored = errorFunction(-x)
            for lane in 0..<8 {
                #expect(abs(Double(found[lane]) - erf(Double(x[lane]))) <= 3e-7, "at \(x[lane])")
                #expect(found[lane] == -mirrored[lane])
            }
        }
    }

    @Test("QuickGELU is x·σ(1.702x) and GELU is x·Φ(x)")
    func activationsFollowTheirDefinitions() {
        for x in Self.grid(-12...12) {
            let quick = quickGELU(x)
            let exact = gaussianErrorLinearUnit(x)
            for lane in 0..<8 {
                let value = Double(x[lane])
                #expect(
                    abs(Double(quick[lane]) - value / (1 + exp(-1.702 * value))) <= 1e-6 * max(1, abs(value)))
                let gelu = value / 2 * (1 + erf(value / 2.0.squareRoot()))
                #expect(abs(Double(exact[lane]) - gelu) <= 4e-7 * max(1, abs(value)))
            }
        }
    }
}
