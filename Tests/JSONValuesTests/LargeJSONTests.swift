// SPDX-License-Identifier: MIT
import JSONValues
import Testing

/// Quadratic time would take many minutes here, linear time takes a second.
@Suite("Large documents", .timeLimit(.minutes(2)))
struct LargeJSONTests {
    #if DEBUG
        static let size = 100_000
    #else
        static let size = 1_000_000
    #endif

    private static func repeated(_ text: String, _ count: Int = size) -> [UInt8] {
        Array(String(repeating: text, count: count).utf8)
    }

    @Test("A bomb of brackets is refused where it gets too deep", arguments: ["[", "{\"a\":", "[{\"a\":"])
    func depthBomb(opening: String) {
        let bytes = Self.repeated(opening, 1_000_000)
        let allowed: [(depth: Int, levels: Int)] = [
            (64, 64), (1, 1), (0, 0), (.max, JSONValue.deepestNesting),
        ]
        for (depth, levels) in allowed {
            let error = #expect(throws: JSONError.self) { try JSONValue.parse(bytes, maximumDepth: depth) }
            #expect(error?.reason == .tooDeep)
            let openings = bytes[..<(error?.offset ?? 0)].count { $0 == 0x5B || $0 == 0x7B }
            #expect(openings == levels)
        }
    }

    @Test("The deepest document that is allowed is read and written")
    func deepest() throws {
        let bytes = Self.repeated("[", 64) + Self.repeated("]", 64)
        #expect(try JSONValue.parse(bytes).serialized() == bytes)
        let deepest = Self.repeated("[", 512) + Self.repeated("]", 512)
        #expect(try JSONValue.parse(deepest, maximumDepth: 10_000).serialized() == deepest)
    }

    @Test("More values than allowed are refused, of any kind", arguments: ["[]", "{}", "0", "\"\"", "null"])
    func tooManyValues(element: String) throws {
        let bytes = Array("[\(element)".utf8) + Self.repeated(",\(element)", 99_998) + Array("]".utf8)
        #expect(try JSONValue.parse(bytes).arrayValue?.count == 99_999)
        let error = #expect(throws: JSONError.self) { try JSONValue.parse([0x5B] + bytes + [0x5D]) }
        #expect(error?.reason == .tooManyValues)
    }

    @Test(
        "Long pieces take linear time", arguments: [" ", "7", "a", "é", #"\n"#, #"\u00e9"#, #"\ud83d\ude00"#])
    func longPieces(piece: String) throws {
        let run = Self.repeated(piece)
        if piece == "7" {
            #expect(throws: JSONError.self) { try JSONValue.parse(run) }
            #expect(try JSONValue.parse(Array("0.".utf8) + run).numberValue == 7.0 / 9)
            #expect(try JSONValue.parse(Array("1e-".utf8) + run).numberValue == 0)
        } else if piece == " " {
            #expect(try JSONValue.parse(run + Array("1".utf8) + run) == 1)
        } else {
            let text = try JSONValue.parse([0x22] + run + [0x22]).stringValue
            #expect(text?.unicodeScalars.count == Self.size)
        }
    }

    @Test("An object of many members is read in linear time, and finds each of them")
    func manyMembers() throws {
        let names = (0..<99_000).map { "name \($0)" }
        let members = names.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",")
        let object = try #require(try JSONValue.parse(Array("{\(members)}".utf8)).objectValue)
        #expect(object.keys == names)
        #expect(names.allSatisfy { object[$0] == .string($0) })
    }

    @Test("One name repeated keeps its last value, in linear time")
    func repeatedName() throws {
        let members = (0..<99_000).map { "\"same\":\($0)" }.joined(separator: ",")
        let value = try JSONValue.parse(Array("{\(members)}".utf8))
        #expect(value == ["same": 98_999])
    }
}
