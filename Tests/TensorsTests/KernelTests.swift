// SPDX-License-Identifier: MIT
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Kernels against sums written out")
struct KernelTests {
    static let teams = [1, 2, 3]

    @Test("A linear map is x Wᵀ + b for every size and team", arguments: [1, 7, 8, 31, 33, 64, 97], teams)
    func linearMapMultiplies(outputs: Int, members: Int) throws {
        var random = SeededGenerator(seed: UInt64(outputs * 10 + members))
        let team = ThreadTeam(memberCount: members)
        for (rows, inputs) in [(1, 1), (3, 17), (5, 64)] {
            let x = random.floats(rows * inputs)
            let weight = random.floats(outputs * inputs)
            let bias = random.floats(outputs)
            let before = random.floats(rows * outputs)
            let product = (0..<rows * outputs).map { index in
                (0..<inputs).reduce(Double(bias[index % outputs])) {
                    $0 + Double(x[index / outputs * inputs + $1])
                        * Double(weight[index % outputs * inputs + $1])
                }
            }
            // γ(k) of the product plus one rounding each for bias and residual, every term at most 1 in magnitude.
            let bound = Double(inputs + 3) * Double(Float.ulpOfOne) * Double(inputs + 2)
            for (epilogue, expected) in [
                (Epilogue.bias, product), (.residual, zip(product, before).map { $0 + Double($1) }),
                (.activation(.quickGELU), product.map { $0 / (1 + exp(-1.702 * $0)) }),
            ] {
                var y = Matrix(before, columns: outputs)
                linearMap(
                    Matrix(x, columns: inputs), try ConstantMatrix(weight, columns: inputs),
                    bias: try ConstantVector(bias), epilogue, into: &y, team: team)
                let deviation = Deviation(y.allElements(), from: expected)
                #expect(deviation.largest <= 2 * bound, "\(epilogue) [\(rows), \(inputs)]: \(deviation)")
            }
        }
    }

    @Test(
        "Layer normalisation leaves mean 0 and variance 1 before gain and bias",
        arguments: Array(1...17) + [63, 64, 65, 768])
    func layerNormalizationNormalizes(width: Int) throws {
        var random = SeededGenerator(seed: UInt64(width))
        let team = ThreadTeam(memberCount: 2)
        // One channel a hundred times larger, as in trained transformers.
        var x = random.floats(3 * width)
        x[0] *= 100
        let gain = random.floats(width)
        let bias = random.floats(width)
        let expected = (0..<3).flatMap { row in
            let line = x[row * width..<(row + 1) * width].map(Double.init)
            let mean = line.reduce(0, +) / Double(width)
            let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            return line.indices.map {
                (line[$0] - mean) / (variance + 1e-5).squareRoot() * Double(gain[$0]) + Double(bias[$0])
            }
        }
        var y = Matrix(rows: 3, columns: width)
        layerNormalization(
            Matrix(x, columns: width), gain: try ConstantVector(gain), bias: try ConstantVector(bias),
            epsilon: 1e-5,
            into: &y, team: team)
        let deviation = Deviation(y.allElements(), from: expected)
        // A normalised element is at most √width; a mean of width terms adds at most width/8 roundings.
        let bound = 4 * Double(width).squareRoot() * Double(width / 8 + 8) * Double(Float.ulpOfOne)
        #expect(deviation.largest <= bound, "\(deviation)")
        var inPlace = Matrix(x, columns: width)
        layerNormalization(
            inPlace: &inPlace, gain: try ConstantVector(gain), bias: try ConstantVector(bias), epsilon: 1e-5,
            team: team)
        #expect(inPlace.allElements() == y.allElements())
    }

    @Test("Softmax of logarithms gives exact fractions")
    func softmaxOfLogarithms() {
        var x = Matrix([log(3), log(1), log(2), log(4), log(4), log(2)], columns: 3)
        softmaxRows(&x)
        let expected: [Float] = [3 / 6, 1 / 6, 2 / 6, 4 / 10, 4 / 10, 2 / 10]
        #expect(Deviation(x.allElements(), from: expected).largest <= 1e-7)
    }

    @Test("Softmax sums to 1 for every length and survives extreme scores", arguments: 1...33)
    func softmaxSumsToOne(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        for magnitude: Float in [1, 100, 1e30] {
            var x = Matrix(random.floats(count, magnitude), columns: count)
            let largest = x.allElements().enumerated().max { $0.element < $1.element }?.offset
            softmaxRows(&x)
            let values = x.allElements()
            #expect(abs(values.reduce(0, +) - 1) <= 1e-6)
            #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 })
            #expect(values.enumerated().max { $0.element < $1.element }?.offset == largest)
        }
    }

    @Test("Attention with one-hot scores copies values", arguments: teams, AttentionBackend.allCases)
    func attentionCopies(members: Int, backend: AttentionBackend) {
        // Token t asks for token (t + 1) mod 4 so loudly that the softmax is one-hot to the last bit.
        let tokens = 4
        let width = 8
        var elements: [Float] = []
        for token in 0..<tokens {
            let query = (0..<width).map { Float($0 % 4 == (token + 1) % 4 ? 1000 : 0) }
            let key = (0..<width).map { Float($0 % 4 == token ? 1 : 0) }
            let value = (0..<width).map { Float(token * 10 + $0) }
            elements += query + key + value
        }
        let shape = AttentionShape(tokenCount: tokens, queryCount: tokens, headCount: 2)
        var workspace = AttentionWorkspace(shape, headWidth: width / 2, memberCount: members)
        var context = Matrix(rows: tokens, columns: width)
        let projections = Matrix(elements, columns: 3 * width)
        attention(
            queries: projections, keysAndValues: projections, shape,
            .sideBySide(headCount: 2, headWidth: width / 2), backend: backend, workspace: &workspace,
            into: &context, team: ThreadTeam(memberCount: members))
        for token in 0..<tokens {
            let expected = (0..<width).map { Float((token + 1) % tokens * 10 + $0) }
            #expect(Deviation(context.elements(ofRow: token), from: expected).largest <= 1e-30)
        }
    }

    static let attentionShapes = [
        AttentionShape(tokenCount: 1, queryCount: 1, headCount: 1),
        AttentionShape(tokenCount: 50, queryCount: 50, headCount: 3),
        AttentionShape(tokenCount: 50, queryCount: 1, headCount: 2),
        AttentionShape(tokenCount: 77, queryCount: 77, headCount: 1, isCausal: true),
        AttentionShape(tokenCount: 83, queryCount: 83, headCount: 1),
    ]

    @Test(
        "Attention is what its definition gives in double precision", arguments: AttentionBackend.allCases,
        attentionShapes)
    func attentionIsAsDefined(backend: AttentionBackend, shape: AttentionShape) {
        var random = SeededGenerator(seed: UInt64(shape.tokenCount * 31 + shape.queryCount))
        for headWidth in [64, 20] {
            let (images, width) = (2, headWidth * shape.headCount)
            let all = random.floats(images * shape.tokenCount * 3 * width, 3)
            let asked =
                shape.queryCount == shape.tokenCount
                ? all : random.floats(images * shape.queryCount * width, 3)
            let queryStride = asked.count / images / shape.queryCount
            var workspace = AttentionWorkspace(shape, headWidth: headWidth, memberCount: 2)
            var context = Matrix(rows: images * shape.queryCount, columns: width)
            attention(
                queries: Matrix(asked, columns: queryStride), keysAndValues: Matrix(all, columns: 3 * width),
                shape, .sideBySide(headCount: shape.headCount, headWidth: headWidth),
                backend: backend, workspace: &workspace, into: &context, team: ThreadTeam(memberCount: 2))
            var worst = 0.0
            for row in 0..<images * shape.queryCount {
                let (image, query) = row.quotientAndRemainder(dividingBy: shape.queryCount)
                let visible = shape.isCausal ? query + 1 : shape.tokenCount
                for head in 0..<shape.headCount {
                    let q = asked[
                        row * queryStride + head * headWidth..<row * queryStride + (head + 1) * headWidth]
                    let tokens = (0..<visible).map {
                        (image * shape.tokenCount + $0) * 3 * width + head * headWidth
                    }
                    let weights = tokens.map { token in
                        let key = all[token + width..<token + width + headWidth]
                        return exp(
                            zip(q, key).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                                / Double(headWidth).squareRoot())
                    }
                    let sum = weights.reduce(0, +)
                    for column in 0..<headWidth {
                        let expected = zip(weights, tokens).reduce(0.0) {
                            $0 + $1.0 * Double(all[$1.1 + 2 * width + column]) / sum
                        }
                        worst = max(worst, abs(Double(context[row, head * headWidth + column]) - expected))
                    }
                }
            }
            // Scores reach 30, whose last bits are 2e-6 of a weight, on values up to 3.
            #expect(worst <= 1e-5, "head width \(headWidth)")
        }
    }

    @Test("Patches are laid out channel by channel, line by line", arguments: teams)
    func patchesAreLaidOut(members: Int) {
        // 2 channels of 4 × 4, patches of 2 × 2: the pixel's own index shows where it went.
        let pixels = (0..<32).map(Float.init)
        var patches = Matrix(rows: 5, columns: 8)
        layOutPatches(
            of: pixels.span, channels: 2, side: 4, patchSize: 2, into: &patches, firstRow: 1,
            team: ThreadTeam(memberCount: members))
        #expect(patches.elements(ofRow: 0) == Array(repeating: 0, count: 8))
        #expect(patches.elements(ofRow: 1) == [0, 1, 4, 5, 16, 17, 20, 21])
        #expect(patches.elements(ofRow: 2) == [2, 3, 6, 7, 18, 19, 22, 23])
        #expect(patches.elements(ofRow: 4) == [10, 11, 14, 15, 26, 27, 30, 31])
    }
}

extension HeadColumns {
    /// Queries of all heads, then keys of all heads, then values.
    fileprivate static func sideBySide(headCount: Int, headWidth: Int) -> HeadColumns {
        let heads = (0..<headCount).map { $0 * headWidth }
        let width = headCount * headWidth
        return HeadColumns(
            headWidth: headWidth, queries: heads, keys: heads.map { $0 + width },
            values: heads.map { $0 + 2 * width })
    }
}
