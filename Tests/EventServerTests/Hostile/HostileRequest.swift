// SPDX-License-Identifier: MIT
import TestSupport
import Testing

/// A request that no honest client sends, drawn from a seed.
struct HostileRequest: Sendable {
    /// Families of requests, one after the other.
    enum Kind: Int, CaseIterable {
        case truncated, random, mutated, wrongTypes, deep, giantNumbers, invalidText, traversalInBody,
            traversalInPath, brokenImage, flippedImage, multipart, mutatedMultipart, batch, query, identifier,
            headers, bulk
    }

    let kind: Kind
    private(set) var method = "POST"
    private(set) var path = "/api/v1/events"
    private(set) var headers: [(String, String)] = [("Content-Type", "application/json")]
    private(set) var body: [UInt8]? = []

    /// Draws a request of the given kind.
    init(_ kind: Kind, _ random: inout SeededGenerator) throws {
        self.kind = kind
        let valid = try EventBody().with(thumbnail: Array(SamplePictures.text)).with(
            "id", .string(EventBody.newID())
        )
        .json.bytes
        switch kind {
        case .truncated: body = Array(valid.prefix(Int.random(in: 0..<valid.count, using: &random)))
        case .random: body = Self.bytes(Int.random(in: 0...4096, using: &random), &random)
        case .mutated: body = Self.mutated(valid, &random)
        case .wrongTypes:
            let key = try EventBody().fields.keys.sorted().randomElement(using: &random).required()
            body = try EventBody().with(key, Self.tree(5, &random)).json.bytes
        case .deep: body = Self.deep(&random)
        case .giantNumbers: body = Self.event(#""confidence""#, raw: Self.pick(Self.numbers, &random))
        case .invalidText: body = Self.event(#""description""#, bytes: Self.pick(Self.texts, &random))
        case .traversalInBody:
            let spelling = Self.pick(TraversalSpellings.inBody, &random)
            body = try EventBody().with("thumbnail_path", .string(spelling)).json.bytes
        case .traversalInPath:
            (method, body) = (Self.pick(["GET", "GET", "GET", "DELETE", "POST"], &random), nil)
            path = Self.pick(TraversalSpellings.inPath, &random)
        case .brokenImage:
            body = try EventBody().with(thumbnail: Self.pick(HostileImages.table, &random).1).json.bytes
        case .flippedImage:
            let name = Self.pick(
                ["jpeg-420.jpg", "png-rgb8.png", "webp-lossy.webp", "jpeg-progressive.jpg"], &random)
            let picture = Self.mutated(try SamplePictures.fixture(name), &random)
            body = try EventBody().with(thumbnail: picture).json.bytes
        case .multipart, .mutatedMultipart: try makeMultipart(&random)
        case .batch:
            path = "/api/v1/context/embeddings/batch"
            body =
                Bool.random(using: &random)
                ? Self.mutated(Array(#"{"limit": 5, "retry_failed": false}"#.utf8), &random)
                : try JSON.object(["limit": Self.tree(3, &random), "retry_failed": Self.tree(1, &random)])
                    .bytes
        case .query:
            (method, body) = ("GET", nil)
            path += "?" + Self.query(&random)
        case .identifier:
            (method, body) = (Self.pick(["GET", "DELETE"], &random), nil)
            path =
                Self.pick(["/api/v1/events/", "/api/v1/context/embeddings/", "/api/v1/cameras/"], &random)
                + Self.pick(TraversalSpellings.segments, &random)
        case .headers: makeHeaders(valid, &random)
        case .bulk: body = try Self.bulk(&random)
        }
    }

    // MARK: - Kinds

    private mutating func makeMultipart(_ random: inout SeededGenerator) throws {
        var form = try MultipartBody(
            event: EventBody().json, thumbnail: Self.pick(HostileImages.table, &random).1)
        let name = Self.pick(
            ["../../canary.jpg", "a\u{0}b", String(repeating: "x", count: 9000), "é", ""], &random)
        form.parts[1].fileName = name
        form.parts[1].contentType = Self.pick(
            ["text/html", "image/jpeg\t", "", "x/y; a=\"", "multipart/mixed"], &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: form.boundary = String(repeating: "b", count: Int.random(in: 1...300, using: &random))
        case 1: form.parts += form.parts
        case 2: form.parts += (0..<2000).map { MultipartBody.Part(name: "p\($0)", bytes: []) }
        case 3: form.parts.removeFirst()
        case 4: form.parts.reverse()
        default: break
        }
        headers = [form.header]
        body = kind == .multipart ? form.bytes : Self.mutated(form.bytes, &random)
        if Int.random(in: 0..<4, using: &random) == 0 {
            headers = [("Content-Type", Self.pick(Self.multipartTypes, &random))]
        }
    }

    private mutating func makeHeaders(_ valid: [UInt8], _ random: inout SeededGenerator) {
        body = valid
        let long = String(repeating: "y", count: Int.random(in: 1...6000, using: &random))
        headers = [
            (
                "Content-Type",
                Self.pick(
                    ["text/plain", "application/xml", "", "a/b/c", "application/json; charset=utf-16", long],
                    &random)
            ),
            ("Prefer", Self.pick(["wait=1e9", "wait=-5", "wait", "wait=0,wait=1", long, "wait=0"], &random)),
            ("If-None-Match", Self.pick(["\"", "W/", "*,*", long], &random)),
            ("Content-Encoding", Self.pick(["gzip", "identity", "br", long], &random)),
            ("Accept", Self.pick(["text/html;q=9", "*/*", long], &random)),
            ("Authorization", Self.pick(["Bearer", "Basic Og==", long], &random)),
        ]
    }

    private static func deep(_ random: inout SeededGenerator) -> [UInt8] {
        let depth = pick([10, 63, 64, 65, 200, 5_000, 200_000], &random)
        let (open, close) = pick([("[", "]"), (#"{"a":"#, "}"), ("[[1],", "]"), ("[", "")], &random)
        let nest = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        return Bool.random(using: &random) ? Array(nest.utf8) : event(#""objects_detected""#, raw: nest)
    }

    private static func bulk(_ random: inout SeededGenerator) throws -> [UInt8] {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return try EventBody(String(repeating: "\u{10FFFF}", count: 300_000)).json.bytes
        case 1: return try EventBody(objects: Array(repeating: "person", count: 50_000)).json.bytes
        case 2:
            let keys = (0..<20_000).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
            return event(#""other""#, raw: "{\(keys)}")
        case 3:
            return event(#""confidence""#, raw: "1" + String(repeating: #","confidence":101"#, count: 5000))
        default: return try EventBody(camera: String(repeating: "c", count: 200_000)).json.bytes
        }
    }

    private static func query(_ random: inout SeededGenerator) -> String {
        let keys = [
            "limit", "offset", "before", "camera_id", "search_query", "object_types", "start_time",
            "sort_order",
            "entity_id", "min_confidence", "a[b]", "%00", "",
        ]
        let values = [
            "%00", "%ff%fe", "%", "%zz", "-1", "1e9", "9999999999999999999999", "%27%20OR%201%3D1--", "+",
            "&&==",
            "%F0%9F%90%88", String(repeating: "a", count: 5000), "null", "%5B%5D", "../..", "%22%22%22",
            "a%20b%2A",
        ]
        return (0..<Int.random(in: 1...6, using: &random)).map { _ in
            pick(keys, &random) + pick(["=", "", "=="], &random) + pick(values, &random)
        }.joined(separator: pick(["&", ";", "&&"], &random))
    }

    // MARK: - Pieces

    /// A valid event but for one member, whose value is written as it is.
    private static func event(_ key: String, raw value: String) -> [UInt8] {
        event(key, bytes: Array(value.utf8))
    }

    private static func event(_ key: String, bytes value: [UInt8]) -> [UInt8] {
        let members = [
            #""camera_id":"c""#, #""timestamp":"2026-05-14T18:02:03Z""#, #""description":"d""#,
            #""confidence":1"#,
            #""objects_detected":["person"]"#,
        ].filter { !$0.hasPrefix(key) }
        return Array("{\(members.joined(separator: ",")),\(key):".utf8) + value + Array("}".utf8)
    }

    private static let numbers = [
        "1e999", "-1e999", "1e-999", "0." + String(repeating: "0", count: 3000) + "1",
        String(repeating: "9", count: 5000), "-" + String(repeating: "9", count: 5000), "1E+400", "NaN",
        "Infinity",
        "-Infinity", "0x10", "01", "-", "+1", ".5", "5.", "1e", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "50.0000000000000000000000001", "1e1", "-0", "-0.0", "1_000", "١٢",
    ]

    private static let texts: [[UInt8]] = {
        let raw: [[UInt8]] = [
            [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
            [0xF0, 0x9F], [0x00], [0x0A], [0x7F], [0xEF, 0xBF, 0xBE], [0xFE, 0xFF], [0xC3, 0x28],
        ]
        let escapes = [
            #"\ud800"#, #"\udc00\ud800"#, #"\u0000"#, #"\u00"#, #"\x41"#, #"\"#, #"\u{41}"#, #"\uD83D\uDC08"#,
            #"\ud83d"#, #"\/\b\f\n\r\t"#, #"\u202e"#, #"</script><script>alert(1)</script>"#,
        ]
        let quote = [UInt8(ascii: "\"")]
        return raw.map { quote + Array("text ".utf8) + $0 + quote }
            + escapes.map { quote + Array($0.utf8) + quote }
    }()

    private static let multipartTypes = [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"",
        "multipart/form-data; boundary=\"a",
        "multipart/form-data;boundary=" + String(repeating: "z", count: 5000),
        "multipart/form-data; boundary=a; boundary=b", "multipart/mixed; boundary=a",
        "MULTIPART/FORM-DATA; BOUNDARY=a",
        "multipart/form-data; boundary*=utf-8''a",
    ]

    /// A random JSON value with at most `depth` levels.
    private static func tree(_ depth: Int, _ random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth == 0 ? 6 : 8), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int.random(in: .min ... .max, using: &random))
        case 3: .number(Double.random(in: -1e6...1e6, using: &random))
        case 4: .string(String(repeating: "🐈", count: Int.random(in: 0...50, using: &random)))
        case 5: .string("person")
        case 6: .array((0..<3).map { _ in tree(depth - 1, &random) })
        default: .object(["a": tree(depth - 1, &random), "": tree(depth - 1, &random)])
        }
    }

    private static func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    /// A copy with some bytes flipped, taken out or doubled.
    private static func mutated(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var copy = original
        for _ in 0..<Int.random(in: 1...12, using: &random) where !copy.isEmpty {
            let index = Int.random(in: 0..<copy.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: copy[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 1: copy[index] = UInt8.random(in: 0...255, using: &random)
            case 2: copy.remove(at: index)
            default: copy.insert(copy[index], at: index)
            }
        }
        return copy
    }

    private static func pick<Element>(_ choices: [Element], _ random: inout SeededGenerator) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
