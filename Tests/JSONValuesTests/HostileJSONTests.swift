// SPDX-License-Identifier: MIT
import JSONValues
import TestSupport
import Testing

@Suite("Refusing what is not JSON")
struct HostileJSONTests {
    static let structure: [(String, JSONError.Reason, Int)] = [
        ("", .emptyDocument, 0), (" \t\r\n", .emptyDocument, 4), ("\u{C}", .unexpectedByte, 0),
        ("\u{FEFF}{}", .unexpectedByte, 0), ("\0", .unexpectedByte, 0), ("\u{A0}1", .unexpectedByte, 0),
        ("1 2", .trailingData, 2), ("{}}", .trailingData, 2), ("[]\0", .trailingData, 2),
        ("null,", .trailingData, 4),
        ("nullx", .trailingData, 4), ("true false", .trailingData, 5),
        ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3),
        ("[1,,2]", .unexpectedByte, 3), ("]", .unexpectedByte, 0), ("[}", .unexpectedByte, 1),
        ("{1:2}", .unexpectedByte, 1), ("{a:2}", .unexpectedByte, 1), ("{'a':2}", .unexpectedByte, 1),
        (#"{"a"}"#, .unexpectedByte, 4), (#"{"a":}"#, .unexpectedByte, 5), (#"{"a":1,}"#, .unexpectedByte, 7),
        (#"{"a" 1}"#, .unexpectedByte, 5), (#"{"a":1 "b":2}"#, .unexpectedByte, 7),
        ("{,}", .unexpectedByte, 1),
        (#"{"a":1]"#, .unexpectedByte, 6), (#"{null:1}"#, .unexpectedByte, 1),
        ("nul", .unexpectedEnd, 3), ("nulL", .unexpectedByte, 3), ("True", .unexpectedByte, 0),
        ("NULL", .unexpectedByte, 0), ("undefined", .unexpectedByte, 0), ("// c\n1", .unexpectedByte, 0),
        ("/* c */1", .unexpectedByte, 0), ("1 // c", .trailingData, 2), ("'a'", .unexpectedByte, 0),
    ]

    static let numbers: [(String, JSONError.Reason, Int)] = [
        ("01", .invalidNumber, 0), ("-01", .invalidNumber, 0), ("00", .invalidNumber, 0),
        ("-00", .invalidNumber, 0),
        ("+1", .unexpectedByte, 0), ("-", .unexpectedEnd, 1), ("--1", .invalidNumber, 0),
        ("-a", .invalidNumber, 0),
        ("1.", .unexpectedEnd, 2), ("1.a", .invalidNumber, 0), (".5", .unexpectedByte, 0),
        ("-.5", .invalidNumber, 0),
        ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("1ex", .invalidNumber, 0),
        ("1.e1", .invalidNumber, 0),
        ("1e1.5", .trailingData, 3), ("1e+-1", .invalidNumber, 0), ("[1.,2]", .invalidNumber, 1),
        ("0x10", .trailingData, 1), ("1_000", .trailingData, 1), ("1,5", .trailingData, 1),
        ("１", .unexpectedByte, 0),
        ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0), ("-Infinity", .invalidNumber, 0),
        ("nan", .unexpectedByte, 1), ("inf", .unexpectedByte, 0),
        ("1e999", .numberOutOfRange, 0), ("-1e999", .numberOutOfRange, 0),
        ("[0,1.8e308]", .numberOutOfRange, 3),
        ("1e99999999999999999999", .numberOutOfRange, 0),
    ]

    static let strings: [(String, JSONError.Reason, Int)] = [
        ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), (#""\"#, .unexpectedEnd, 2),
        (#""\""#, .unexpectedEnd, 3), ("\"a\nb\"", .controlCharacter, 2), ("\"\0\"", .controlCharacter, 1),
        ("\"\u{1F}\"", .controlCharacter, 1), ("\"\t\"", .controlCharacter, 1),
        ("{\"\r\":1}", .controlCharacter, 2),
        (#""\a""#, .invalidEscape, 1), (#""\x41""#, .invalidEscape, 1), (#""\'""#, .invalidEscape, 1),
        (#""\U0041""#, .invalidEscape, 1), (#""\u12""#, .invalidEscape, 1), (#""\u12G4""#, .invalidEscape, 1),
        (#""\u+123""#, .invalidEscape, 1), (#""\u１２３４""#, .invalidEscape, 1), (#""\u00"#, .unexpectedEnd, 5),
        (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1),
        (#""a\udfffb""#, .loneSurrogate, 2),
        (#""\ud800\ud800""#, .loneSurrogate, 1), (#""\ud800\u0041""#, .loneSurrogate, 1),
        (#""\ud800x""#, .loneSurrogate, 1), (#""\ud83d\n""#, .loneSurrogate, 1),
        (#""\udc00\ud800""#, .loneSurrogate, 1), (#""\ud800\u""#, .invalidEscape, 1),
        (#""\ud800\"#, .unexpectedEnd, 8), (#"{"\ud800":1}"#, .loneSurrogate, 2),
    ]

    @Test(
        "Everything outside the grammar has its reason and its place",
        arguments: structure + numbers + strings)
    func refused(text: String, reason: JSONError.Reason, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(Array(text.utf8)) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    static let notUTF8: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80],
        [0xE0, 0x9F, 0xBF],
        [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
        [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xC3, 0xA9, 0x80],
    ]

    @Test("Overlong forms, surrogates and pieces of characters are no UTF-8", arguments: notUTF8)
    func invalidUTF8(bytes: [UInt8]) {
        for prefix in [[], Array(#"\n"#.utf8), Array("é".utf8)] {
            let text = [0x22] + prefix + bytes + [0x22]
            let expected = [(text, 0), (Array("{".utf8) + text + Array(":1}".utf8), 1)]
            for (document, offset) in expected {
                let error = #expect(throws: JSONError.self) { try JSONValue.parse(document) }
                #expect(error?.reason == .invalidUTF8)
                #expect(error?.offset == offset)
            }
        }
        #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
    }

    @Test(
        "Random bytes are a string exactly if they are UTF-8",
        arguments: [1, 2, UInt64.random(in: 0...UInt64.max)])
    func randomUTF8(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let length = Int.random(in: 1...4, using: &generator)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0x7F...0xFF, using: &generator) }
            // Decoding repairs what is invalid, so only valid bytes come back as they were.
            let isValid = Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes
            let value = try? JSONValue.parse([0x22] + bytes + [0x22])
            #expect((value != nil) == isValid, "seed \(seed), bytes \(bytes)")
        }
    }

    static let document = Array(
        #"{"id":"é😀\ud83d\ude00\n","n":[-0.5e+3,0,null,true,false],"o":{"a":{}},"z":[[]]}"#.utf8)

    @Test("A document cut anywhere ends too early")
    func truncated() throws {
        _ = try JSONValue.parse(Self.document)
        for count in 1..<Self.document.count {
            let error = #expect(throws: JSONError.self) { try JSONValue.parse(Self.document[..<count]) }
            #expect(error?.reason == .unexpectedEnd, "cut at \(count)")
            #expect(error?.offset == count)
        }
    }

    @Test(
        "Damaged documents are refused or read as what they say",
        arguments: [3, 4, UInt64.random(in: 0...UInt64.max)])
    func damaged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            var bytes = Self.document
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: position)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: position)
                }
            }
            guard let value = try? JSONValue.parse(bytes) else { continue }
            #expect(try JSONValue.parse(value.serialized()) == value, "seed \(seed)")
        }
    }
}
