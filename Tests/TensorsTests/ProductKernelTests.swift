import TestSupport
import Testing

// SPDX-License-Identifier: MIT
@testable import Tensors

@Suite("Packed products against sums written out")
struct ProductKernelTests {
    static let kernels = ProductKernel.supported

    @Test(
        "Every kernel of this processor agrees with its naive twin, on sizes that leave every remainder",
        arguments: kernels)
    func kernelsAgree(kernel: ProductKernel) {
        // Around a tile (4, 5, 6, 8, 9), a panel (48), a step (4, 8, 16) and a piece of a panel (192 steps).
        for rows in [1, 4, 5, 6, 8, 9, 10, 50] {
            for (outputs, inputs) in [(1, 1), (47, 3), (48, 16), (49, 17), (97, 65), (60, 769), (33, 3073)] {
                let error = ProductKernelSelfCheck.worstError(
                    kernel, rows: rows, outputs: outputs, inputs: inputs)
                #expect(
                    error <= ProductKernelSelfCheck.bound,
                    "\(kernel.name) [\(rows), \(inputs)] → \(outputs): \(error)")
            }
        }
        #expect(ProductKernelSelfCheck.passes(kernel))
    }

    @Test("The kernels that this processor cannot run are few enough to name")
    func coverage() {
        let names = Self.kernels.map { "\($0.format) \($0.name)" }
        print("kernels compared here: \(names.joined(separator: ", "))")
        // Plain C of every format runs everywhere.
        for format in ProductFormat.allCases {
            #expect(Self.kernels.contains { $0.format == format && $0.isPortable })
        }
    }

    @Test("Integers give the same sums on every instruction set", arguments: [ProductFormat.int8, .int16])
    func integersAreTheSame(format: ProductFormat) throws {
        let kernels = Self.kernels.filter { $0.format == format }
        var random = SeededGenerator(seed: 5)
        let (rows, inputs, outputs) = (13, 200, 50)
        let x = Matrix(random.floats(rows * inputs, 3), columns: inputs)
        let w = random.floats(outputs * inputs)
        let results = try kernels.map { kernel in
            try PackedCase(w, outputs: outputs, inputs: inputs, kernel).product(
                of: x, .bias, into: nil, members: 2)
        }
        for (kernel, result) in zip(kernels, results) {
            // Scales are rounded once each; the sums themselves are exact.
            let deviation = Deviation(result, from: results[0].map(Double.init))
            #expect(deviation.largest <= 1e-5, "\(kernel.name): \(deviation)")
        }
    }

    @Test(
        "Bias, activations and residual follow the sums, for any outputs, rows and team", arguments: kernels)
    func epiloguesFollow(kernel: ProductKernel) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let (rows, inputs) = (
                Int.random(in: 1...260, using: &random), Int.random(in: 1...90, using: &random)
            )
            let outputs = Int.random(in: 1...150, using: &random)
            let x = Matrix(random.floats(rows * inputs), columns: inputs)
            let w = random.floats(outputs * inputs)
            let bias = try ConstantVector(random.floats(outputs))
            let before = random.floats(rows * outputs)
            let packed = try PackedCase(w, outputs: outputs, inputs: inputs, kernel)
            let sums = packed.twin(of: x)
            for epilogue in [Epilogue.bias, .residual, .activation(.quickGELU), .activation(.gelu)] {
                let found = packed.product(
                    of: x, epilogue, bias: bias, into: before, members: Int.random(in: 1...4, using: &random))
                let expected = sums.indices.map { index in
                    epilogue.apply(sums[index] + Double(bias[index % outputs]), before: Double(before[index]))
                }
                let deviation = Deviation(found, from: expected)
                #expect(
                    deviation.largest <= 2e-4,
                    "\(kernel.name) \(kernel.format) [\(rows), \(inputs)] → \(outputs) \(epilogue), seed \(seed): \(deviation)"
                )
            }
        }
    }

    @Test("A part of the outputs is the part of all outputs", arguments: kernels)
    func partsOfOutputs(kernel: ProductKernel) throws {
        var random = SeededGenerator(seed: 3)
        let (rows, inputs, outputs) = (7, 40, 144)
        let x = Matrix(random.floats(rows * inputs), columns: inputs)
        let packed = try PackedCase(random.floats(outputs * inputs), outputs: outputs, inputs: inputs, kernel)
        let all = packed.product(of: x, .bias, into: nil, members: 1)
        for (wanted, firstColumn) in [(0..<48, 0), (48..<144, 48), (50..<60, 50), (96..<97, 0)] {
            let part = packed.product(of: x, outputs: wanted, firstColumn: firstColumn, members: 2)
            for row in 0..<rows {
                for output in wanted {
                    #expect(
                        part[row * outputs + output - wanted.lowerBound + firstColumn]
                            == all[row * outputs + output])
                }
            }
        }
    }

    @Test(
        "The result does not depend on the number of members, beyond the cores of this machine too",
        arguments: kernels)
    func anyNumberOfMembers(kernel: ProductKernel) throws {
        var random = SeededGenerator(seed: 9)
        let (rows, inputs, outputs) = (50, 96, 500)
        let x = Matrix(random.floats(rows * inputs), columns: inputs)
        let packed = try PackedCase(random.floats(outputs * inputs), outputs: outputs, inputs: inputs, kernel)
        let alone = packed.product(of: x, .bias, into: nil, members: 1)
        for members in [2, 3, 8, 16] {
            #expect(packed.product(of: x, .bias, into: nil, members: members) == alone, "\(members) members")
        }
    }

    @Test("Products of any size and format one after the other, through the same room for rounded rows")
    func oneRoomForAll() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let (rowCapacity, depthCapacity, outputs) = (40, 100, 50)
        var rounded = RoundedRows(rowCapacity: rowCapacity, depthCapacity: depthCapacity, memberCapacity: 2)
        let team = ThreadTeam(memberCount: 2)
        for round in 0..<200 {
            let kernel = Self.kernels[round % Self.kernels.count]
            // Now and then all that there is room for.
            let rows = round % 7 == 0 ? rowCapacity : Int.random(in: 1...rowCapacity, using: &random)
            let inputs = round % 5 == 0 ? depthCapacity : Int.random(in: 1...depthCapacity, using: &random)
            let x = Matrix(random.floats(rows * inputs), columns: inputs)
            let packed = try PackedCase(
                random.floats(outputs * inputs), outputs: outputs, inputs: inputs, kernel)
            let found = packed.product(of: x, rounded: &rounded, team: team)
            let deviation = Deviation(found, from: packed.twin(of: x))
            #expect(
                deviation.largest <= 2e-4,
                "\(kernel.name) \(kernel.format), round \(round), seed \(seed): \(deviation)")
        }
    }

    @Test("Damaged numbers stay visible", arguments: kernels, [Float.nan, .infinity])
    func damageStaysVisible(kernel: ProductKernel, value: Float) throws {
        var x = [Float](repeating: 1, count: 3 * 20)
        var w = [Float](repeating: 1, count: 50 * 20)
        x[25] = value
        let good = try PackedCase(w, outputs: 50, inputs: 20, kernel)
        let fromInput = good.product(of: Matrix(x, columns: 20), .bias, into: nil, members: 1)
        #expect(!fromInput[50..<100].contains { $0.isFinite })
        #expect(fromInput[0..<50].allSatisfy { $0.isFinite }, "only the row of the damage")
        w[30 * 20] = value
        let damaged = try PackedCase(w, outputs: 50, inputs: 20, kernel)
        let ones = Matrix([Float](repeating: 1, count: 20), columns: 20)
        let fromWeights = damaged.product(of: ones, .bias, into: nil, members: 1)
        #expect(!fromWeights[30].isFinite && fromWeights[29].isFinite)
    }
}

extension Epilogue {
    /// The naive twin of the epilogues.
    fileprivate func apply(_ value: Double, before: Double) -> Double {
        switch self {
        case .bias: value
        case .residual: before + value
        case .activation(let activation): Double(VectorFunctions.activation(activation, [Float(value)])[0])
        }
    }
}
