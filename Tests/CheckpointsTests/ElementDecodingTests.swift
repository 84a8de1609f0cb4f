// SPDX-License-Identifier: MIT
import Tensors
import Testing

@Suite("Element decoding")
struct ElementDecodingTests {
    /// The definition of binary16, in double precision, which holds every half exactly.
    static func reference(_ bits: UInt16) -> Float {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1023)
        switch exponent {
        case 0: return Float(sign * fraction * 0x1p-24)
        case 31:
            let pattern = UInt32(bits & 0x8000) << 16 | 0x7F80_0000 | UInt32(bits & 1023) << 13
            return Float(bitPattern: pattern)
        default:
            let power = Double(sign: .plus, exponent: exponent - 15, significand: 1)
            return Float(sign * power * (1 + fraction / 1024))
        }
    }

    static let allHalves = (0...UInt16.max).map { $0 }

    static func tensor(_ type: ElementType, _ bytes: [UInt8], from start: Int = 0) -> StoredTensor {
        let count = (bytes.count - start) / type.byteCount
        let slice = ByteSlice(bytes)[start..<start + count * type.byteCount]
        return StoredTensor(name: "t", elementType: type, shape: [count], bytes: slice)
    }

    @Test("is exact for all 65,536 halves, at even and odd addresses", arguments: [0, 1])
    func allHalves(misalignment: Int) {
        let bytes = [UInt8](repeating: 0, count: misalignment) + Self.allHalves.flatMap { le($0) }
        let values = Self.tensor(.float16, bytes, from: misalignment).decoded()
        let wrong = Self.allHalves.filter {
            values[Int($0)].bitPattern != Self.reference($0).bitPattern
                || singleFromHalf($0).bitPattern != Self.reference($0).bitPattern
        }
        #expect(wrong.isEmpty, "first \(wrong.first ?? 0)")
    }

    @Test("turns all 65,536 halves to single precision and back without loss")
    func halvesAndBack() {
        let values = Self.allHalves.map(Self.reference)
        var halves = [UInt16](repeating: 0, count: values.count)
        var span = halves.mutableSpan
        #expect(HalfPrecision.encodeLosslessly(values.span, into: &span))
        #expect(halves == Self.allHalves)
    }

    static let lossy: [Float] = [
        0x1p-25, 0x1.8p-24, 0x1.001p-14, 0x1.002p-15, 1 + 0x1p-11, 65_520, 65_536, 1e30,
        .greatestFiniteMagnitude,
        .leastNonzeroMagnitude, 0x1.ffffp-15, 0.1, Float(bitPattern: 0x7F80_0001),
        Float(bitPattern: 0x7FC0_0001),
    ]

    @Test("notices each value that half precision cannot hold, at every place", arguments: lossy)
    func noticesLoss(value: Float) {
        for value in [value, -value] {
            for (count, place) in [(1, 0), (8, 0), (8, 7), (17, 8), (17, 15), (17, 16)] {
                var values = [Float](repeating: 1.5, count: count)
                values[place] = value
                var halves = [UInt16](repeating: 0, count: count)
                var span = halves.mutableSpan
                #expect(!HalfPrecision.encodeLosslessly(values.span, into: &span), "\(value) at \(place)")
            }
        }
    }

    @Test("agrees with rounding to half and back for any single")
    func agreesWithRounding() {
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            // Mostly values near the range of halves, with few bits.
            var pattern = UInt32.random(in: 0...UInt32.max, using: &generator)
            if Bool.random(using: &generator) { pattern &= 0xFFFF_E000 }
            if Bool.random(using: &generator) {
                pattern = pattern & 0x807F_FFFF | UInt32.random(in: 100..<146, using: &generator) << 23
            }
            let value = Float(bitPattern: pattern)
            if value.isNaN { continue }
            var half: [UInt16] = [0]
            var span = half.mutableSpan
            let isLossless = HalfPrecision.encodeLosslessly([value].span, into: &span)
            let rounded = Self.roundedToHalf(value)
            #expect(isLossless == (rounded == Double(value)), "\(value), seed \(seed)")
            if isLossless { #expect(Self.reference(half[0]) == value, "seed \(seed)") }
        }
    }

    /// The nearest number with 11 significant bits and no digit below 2⁻²⁴; infinite from 65,520 up.
    private static func roundedToHalf(_ value: Float) -> Double {
        if value == 0 || value.isInfinite { return Double(value) }
        let spacing = Double(sign: .plus, exponent: max(Int(value.exponent) - 10, -24), significand: 1)
        let rounded = (Double(value) / spacing).rounded(.toNearestOrEven) * spacing
        return abs(rounded) > 65_504 ? .infinity : rounded
    }

    @Test("decodes every other type")
    func otherTypes() {
        func decoded(_ type: ElementType, _ bytes: [UInt8]) -> [Float] { Self.tensor(type, bytes).decoded() }
        #expect(decoded(.bfloat16, [0xC0, 0x3F, 0x00, 0xC0]) == [1.5, -2])
        #expect(decoded(.float32, le(Float.pi.bitPattern)) == [.pi])
        #expect(decoded(.float64, le((0.1).bitPattern)) == [0.1])
        #expect(decoded(.int64, le(-3 as Int64)) == [-3])
        #expect(decoded(.int32, le(70_000 as Int32)) == [70_000])
        #expect(decoded(.int16, le(-5 as Int16)) == [-5])
        #expect(decoded(.int8, [0xFF]) == [-1])
        #expect(decoded(.uint8, [0xFF]) == [255])
        #expect(decoded(.bool, [0, 1, 2]) == [0, 1, 1])
    }

    @Test("walks strides: transposed, rows and any range", arguments: ElementType.allCases)
    func strides(type: ElementType) {
        // 3 × 5 numbers 0…14, each in the low byte of its element where the type is an integer.
        let bytes = (0..<15).flatMap { Self.bytes(of: $0, type) }
        let flat = StoredTensor(name: "t", elementType: type, shape: [3, 5], bytes: ByteSlice(bytes))
        let values = flat.decoded()
        let transposed = flat.transposed()
        #expect(transposed.shape == [5, 3] && !transposed.isContiguous)
        let expected: [Float] = (0..<15).map { index in values[index % 3 * 5 + index / 3] }
        #expect(transposed.decoded() == expected)
        #expect(flat.rows(1..<3).decoded() == Array(values[5...]))
        #expect(transposed.rows(2..<4).decoded() == Array(expected[6..<12]))
        for start in 0..<15 {
            for end in start...15 {
                var piece = [Float](repeating: .nan, count: end - start)
                var span = piece.mutableSpan
                transposed.decode(into: &span, elements: start..<end)
                #expect(piece == Array(expected[start..<end]))
            }
        }
    }

    private static func bytes(of number: Int, _ type: ElementType) -> [UInt8] {
        switch type {
        case .float64: le(Double(number).bitPattern)
        case .float32: le(Float(number).bitPattern)
        case .float16: le(UInt16(number) << 10)
        case .bfloat16: le(UInt16(Float(number).bitPattern >> 16))
        case .bool: [number == 0 ? 0 : 1]
        default: le(Int64(number)).prefix(type.byteCount) + []
        }
    }
}
