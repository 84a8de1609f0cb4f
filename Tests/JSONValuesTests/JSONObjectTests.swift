// SPDX-License-Identifier: MIT
import JSONValues
import TestSupport
import Testing

@Suite("Members of objects")
struct JSONObjectTests {
    @Test("An object behaves like a list of pairs, small and large", arguments: [5, 16, 17, 18, 200])
    func likePairs(names: Int) {
        var generator = SeededGenerator(seed: UInt64(names))
        var object = JSONObject()
        var pairs: [(String, Int64)] = []
        for step in 0..<1_000 {
            let name = "name \(Int.random(in: 0..<names, using: &generator))"
            if Int.random(in: 0..<3, using: &generator) == 0 {
                object[name] = nil
                pairs.removeAll { $0.0 == name }
            } else if let position = pairs.firstIndex(where: { $0.0 == name }) {
                object[name] = .integer(Int64(step))
                pairs[position].1 = Int64(step)
            } else {
                object[name] = .integer(Int64(step))
                pairs.append((name, Int64(step)))
            }
        }
        #expect(object.keys == pairs.map(\.0))
        #expect(object.map(\.value) == pairs.map { .integer($0.1) })
        #expect(
            (0..<names).allSatisfy { n in
                object["name \(n)"] == pairs.first { $0.0 == "name \(n)" }.map { .integer($0.1) }
            })
    }

    @Test("Names that only look alike are different", arguments: [0, 40])
    func nameBytes(others: Int) throws {
        var object = JSONObject((0..<others).map { ("\($0)", 0) })
        object["\u{E9}"] = 1
        object["e\u{301}"] = 2
        #expect(object.count == others + 2)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
        #expect(try JSONValue.parse(JSONValue.object(object).serialized()).objectValue == object)
    }

    @Test("Objects with the same members are equal in any order")
    func equality() {
        let a: JSONValue = ["x": 1, "y": 2]
        let b: JSONValue = ["y": 2, "x": 1]
        #expect(a == b)
        #expect(a.hashValue == b.hashValue)
        #expect(a != ["x": 1, "y": 3])
        #expect(a != ["x": 1])
        #expect(a != ["x": 1, "z": 2])
    }

    @Test("Setting null keeps a member, setting nil removes it")
    func nullAndNil() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = .null
        object["b"] = nil
        object["c"] = nil
        #expect(object.keys == ["a"])
        #expect(object["a"]?.isNull == true)
    }

    @Test("Access to another kind of value gives nil, never a trap")
    func access() {
        let value: JSONValue = ["list": [1, 2.5, true, "t"]]
        #expect(value["list"]?[1]?.numberValue == 2.5)
        #expect(value["list"]?[0]?.numberValue == 1)
        #expect(value["list"]?[0]?.integerValue == 1)
        #expect(value["list"]?[1]?.integerValue == nil)
        #expect(value["list"]?[2]?.boolValue == true)
        #expect(value["list"]?[3]?.stringValue == "t")
        #expect(value["list"]?[4] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["list"]?["x"] == nil)
        #expect(value[0] == nil)
        #expect(value.boolValue == nil)
        #expect(value.stringValue == nil)
        #expect(value.arrayValue == nil)
        #expect(value.isNull == false)
    }
}
