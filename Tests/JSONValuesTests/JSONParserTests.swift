// SPDX-License-Identifier: MIT
import JSONValues
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
    static let numbers: [(String, JSONValue)] = [
        ("0", 0), ("-0", 0), ("-12", -12), ("1.0", 1.0), ("1e2", 100.0), ("1E+2", 100.0), ("2.5e-1", 0.25),
        ("0e0", 0.0), ("0.0", 0.0), ("1e-999", 0.0),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("-9223372036854775809", .number(-9_223_372_036_854_775_808)),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
        ("5e-324", .number(.leastNonzeroMagnitude)),
    ]

    static let strings: [(String, JSONValue)] = [
        (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\0"),
        (#""\u00e9\u20AC""#, "é€"), (#""\ud83d\ude00""#, "😀"), (#""😀\uFFFF""#, "😀\u{FFFF}"),
        ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"),
    ]

    static let others: [(String, JSONValue)] = [
        ("null", .null), (" true ", true), ("\r\n\tfalse\n", false), ("[]", []), ("[ ]", []),
        ("[1,[2],{}]", [1, [2], [:]]), ("{}", [:]), ("{ }", [:]),
        (#"{"a":1,"b":[null]}"#, ["a": 1, "b": [.null]]),
        (#"{"a":1,"a":2}"#, ["a": 2]), (#"{"":0}"#, ["": 0]), (#" { "a" : [ 1 , 2 ] } "#, ["a": [1, 2]]),
    ]

    @Test("Valid documents read as the value they mean", arguments: numbers + strings + others)
    func valid(text: String, value: JSONValue) throws {
        #expect(try JSONValue.parse(Array(text.utf8)) == value)
    }

    @Test("Minus zero keeps its sign only as a number with a fraction")
    func minusZero() throws {
        let number = try JSONValue.parse(Array("-0.0".utf8)).numberValue
        #expect(number?.sign == .minus)
        #expect(try JSONValue.parse(Array("-0".utf8)).integerValue == 0)
    }
}
