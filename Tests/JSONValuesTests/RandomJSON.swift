// SPDX-License-Identifier: MIT
import JSONValues
import TestSupport

/// Random values with what is hard to write and read back: all planes of Unicode, all magnitudes of numbers.
struct RandomJSON {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 5 ? 8 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(integer())
        case 3: return .number(number())
        case 4: return .string(text())
        case 5, 6: return .array((0..<count(5)).map { _ in value(depth: depth + 1) })
        default: return .object(JSONObject((0..<count(40)).map { _ in (text(), value(depth: depth + 4)) }))
        }
    }

    mutating func text() -> String {
        var text = ""
        for _ in 0..<count(12) { text.unicodeScalars.append(scalar()) }
        return text
    }

    private mutating func count(_ limit: Int) -> Int { Int.random(in: 0...limit, using: &generator) }

    private mutating func scalar() -> Unicode.Scalar {
        let limits: [UInt32] = [0x20, 0x80, 0x800, 0x10000, 0x110000]
        let limit = limits.randomElement(using: &generator) ?? 0x80
        // A surrogate is no scalar; any other character will do in its place.
        return Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) ?? "\u{FFFD}"
    }

    private mutating func integer() -> Int64 {
        Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<64, using: &generator)
    }

    private mutating func number() -> Double {
        let number = Double(bitPattern: generator.next())
        return number.isFinite ? number : -0.0
    }
}
