// SPDX-License-Identifier: MIT
import JSONValues
import TestSupport
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    static let documents: [(JSONValue, String)] = [
        (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (.integer(.min), "-9223372036854775808"),
        (1.0, "1.0"), (0.1, "0.1"), (1e300, "1e+300"), (-0.0, "-0.0"),
        (.number(.leastNonzeroMagnitude), "5e-324"),
        (.number(.nan), "null"), (.number(.infinity), "null"), (.number(-.infinity), "null"),
        ("", #""""#), ("a\"b\\c/", #""a\"b\\c/""#), ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
        ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("é😀</script>", "\"é😀</script>\""),
        ([], "[]"), ([1, [.null]], "[1,[null]]"), ([:], "{}"), (["b": 1, "a": [:]], #"{"b":1,"a":{}}"#),
        (["\n": "x"], #"{"\n":"x"}"#),
        (.optional(nil), "null"), (.optional("a"), #""a""#), (JSONValue(nil as Int?), "null"),
        (JSONValue(3 as Int?), "3"), (JSONValue(nil as Double?), "null"), (JSONValue(nil as Bool?), "null"),
        (.strings(["a", "b"]), #"["a","b"]"#),
        (
            .floats([0.1, -0.0, 1, 16_777_216, .leastNonzeroMagnitude, .nan, .infinity, 3.4028235e38]),
            "[0.1,-0.0,1.0,16777216.0,1e-45,null,null,3.4028235e+38]"
        ),
    ]

    @Test("Values are written without white space and in their order", arguments: documents)
    func written(value: JSONValue, text: String) {
        #expect(String(decoding: value.serialized(), as: UTF8.self) == text)
    }

    static let seeds: [UInt64] = [1, 2, 3, .random(in: 0...UInt64.max)]

    @Test("What is written reads back equal, byte for byte", arguments: seeds)
    func roundTrip(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<300 {
            let value = random.value()
            let bytes = value.serialized()
            let read = try JSONValue.parse(bytes)
            #expect(read == value, "seed \(seed)")
            #expect(read.serialized() == bytes, "seed \(seed)")
        }
    }

    @Test("Single-precision numbers read back to the same bits, in their own shortest text", arguments: seeds)
    func floats(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            let float = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
            guard float.isFinite else { continue }
            let bytes = JSONValue.floats([float]).serialized()
            let number = try #require(try JSONValue.parse(bytes)[0]?.numberValue, "seed \(seed)")
            #expect(Float(number).bitPattern == float.bitPattern, "seed \(seed)")
            // Two brackets, and the notations of the two types may differ: 1e+07 for 10000000.0.
            #expect(bytes.count <= max(float.description.utf8.count, 19) + 2, "seed \(seed)")
        }
    }
}
