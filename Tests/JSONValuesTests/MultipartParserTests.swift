// SPDX-License-Identifier: MIT
import JSONValues
import TestSupport
import Testing

@Suite("Taking forms apart")
struct MultipartParserTests {
    /// A body with the line ends of the wire, written with those of Swift.
    private static func body(_ text: String) -> [UInt8] {
        text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
    }

    private static func parts(_ text: String, boundary: String = "B") throws -> [MultipartPart] {
        try MultipartParser.parse(body: body(text), boundary: boundary)
    }

    @Test("A form as a browser sends it gives its fields with names, types and bytes")
    func browserForm() throws {
        let parts = try Self.parts(
            """
            ------WebKitFormBoundaryx7
            Content-Disposition: form-data; name="event"

            {"camera_id":"door"}
            ------WebKitFormBoundaryx7
            Content-Disposition: form-data; name="thumbnail"; filename="a.jpg"
            Content-Type: image/jpeg

            JPEG
            ------WebKitFormBoundaryx7--

            """, boundary: "----WebKitFormBoundaryx7")
        #expect(parts.map(\.name) == ["event", "thumbnail"])
        #expect(parts.map(\.filename) == [nil, "a.jpg"])
        #expect(parts.map(\.contentType) == [nil, "image/jpeg"])
        #expect(parts.map { String(decoding: $0.body, as: UTF8.self) } == [#"{"camera_id":"door"}"#, "JPEG"])
    }

    static let head = "Content-Disposition: form-data; name=a"

    static let bodies: [(String, [String])] = [
        ("--B--", []), ("--B--\n", []), ("preamble\n--B--\nepilogue", []), ("\n--B--", []),
        ("--B--garbage", []),
        ("--B\n\(head)\n\nx\n--B--", ["x"]),
        ("--B \t\n\(head)\n\nx\n--B\t\n\(head)\n\ny\n--B--", ["x", "y"]),
        ("--B\n\(head)\n\n\n--B--", [""]), ("--B\n\(head)\n\n--B--", [""]),
        ("--B\n\(head)\n\n\n\n--B--", ["\r\n"]),
        ("--B\n\(head)\n\n--BB\n--B--", ["--BB"]), ("--B\n\(head)\n\n\n--B x\n--B--", ["\r\n--B x"]),
        ("--B\n\(head)\n\nx--B--\n--B--", ["x--B--"]), ("--B\n\(head)\n\n\n--\n-B\n--B--", ["\r\n--\r\n-B"]),
        ("--B\n\(head)\n\n\r--B--\n--B--", ["\r--B--"]), ("--B\n\(head)\n\n\r\n--B--", ["\r"]),
        ("--B\n\(head)\n\nx\n--B--\n--B\n\(head)\n\ny\n--B--", ["x"]),
        ("--BB\n\(head)\n\n--B\n\(head)\n\nx\n--B--", ["x"]),
    ]

    @Test("The body of a part is what stands between two delimiters", arguments: bodies)
    func bodyOfPart(text: String, bodies: [String]) throws {
        #expect(try Self.parts(text).map { String(decoding: $0.body, as: UTF8.self) } == bodies)
    }

    static let refusedBodies: [(String, MultipartError)] = [
        ("", .missingOpeningDelimiter), ("x", .missingOpeningDelimiter), ("--", .missingOpeningDelimiter),
        ("--B", .missingOpeningDelimiter), ("--B-", .missingOpeningDelimiter),
        ("--Bx--", .missingOpeningDelimiter),
        ("x--B--", .missingOpeningDelimiter), ("--b--", .missingOpeningDelimiter),
        ("-- B--", .missingOpeningDelimiter),
        ("--B\n", .missingClosingDelimiter), ("--B\n\(head)", .missingClosingDelimiter),
        ("--B\n\(head)\n\nx", .missingClosingDelimiter), ("--B\n\(head)\n\nx\n--B", .missingClosingDelimiter),
        ("--B\n\(head)\n\nx\n--B-", .missingClosingDelimiter),
        ("--B\n\(head)\n\nx--B--", .missingClosingDelimiter),
        ("--B\n\(head)\n\nx\n--B\n", .missingClosingDelimiter),
        ("--B\n\(head)\n--B--", .missingClosingDelimiter),
        ("--B\n\n\nx\n--B--", .missingName(part: 0)),
        ("--B\nContent-Type: a/b\n\nx\n--B--", .missingName(part: 0)),
        ("--B\n\(head)\n\nx\n--B\n\nx\n--B--", .missingName(part: 1)),
        ("--B\n\(head)\n--B\n\n\n--B--", .malformedHeader(part: 0)),
    ]

    @Test("A form without beginning, end or names is refused", arguments: refusedBodies)
    func refused(text: String, error: MultipartError) {
        #expect(throws: error) { try Self.parts(text) }
    }

    @Test("Lines that end with LF alone do not make a form")
    func lineFeedsOnly() {
        let text = "--B\n\(Self.head)\n\nx\n--B--\n"
        #expect(throws: MultipartError.missingOpeningDelimiter) {
            try MultipartParser.parse(body: Array(text.utf8), boundary: "B")
        }
        let mixed = "--B\r\n\(Self.head)\n\nx\r\n--B--\r\n"
        #expect(throws: MultipartError.missingClosingDelimiter) {
            try MultipartParser.parse(body: Array(mixed.utf8), boundary: "B")
        }
    }

    @Test("A form cut anywhere before its closing hyphens is refused")
    func truncated() throws {
        let whole = Self.body("--B\n\(Self.head)\n\nx\n--B\n\(Self.head)\nContent-Type: a/b\n\ny\n--B--")
        #expect(try MultipartParser.parse(body: whole, boundary: "B").count == 2)
        for count in 0..<whole.count {
            #expect(throws: MultipartError.self, "cut at \(count)") {
                try MultipartParser.parse(body: Array(whole[..<count]), boundary: "B")
            }
        }
    }

    @Test("Binary bodies come back as they were", arguments: [1, 2, UInt64.random(in: 0...UInt64.max)])
    func binaryBodies(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        // Pieces of delimiters, so that bodies nearly contain them.
        let pieces = ["\r", "\n", "\r\n", "-", "--", "B", "\r\n--B", "\r\n--Bx", " ", "\0"].map {
            Array($0.utf8)
        }
        for _ in 0..<300 {
            let bodies = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                (0..<Int.random(in: 0...12, using: &generator)).flatMap { _ in
                    pieces.randomElement(using: &generator) ?? [
                        UInt8.random(in: 128...255, using: &generator)
                    ]
                }
            }
            let boundary = "B\(UInt64.random(in: 0...UInt64.max, using: &generator))"
            var whole: [UInt8] = []
            for body in bodies {
                whole += Array("--\(boundary)\r\n\(Self.head)\r\n\r\n".utf8) + body + [13, 10]
            }
            whole += Array("--\(boundary)--\r\n".utf8)
            let parts = try MultipartParser.parse(body: whole, boundary: boundary)
            #expect(parts.map { Array($0.body) } == bodies, "seed \(seed)")
        }
    }

    @Test("More parts than allowed, or a longer header, are refused")
    func limits() throws {
        let part = Self.body("--B\n\(Self.head)\n\nx\n")
        let end = Self.body("--B--")
        let many = Array(repeatElement(part, count: 16).joined())
        #expect(try MultipartParser.parse(body: many + end, boundary: "B").count == 16)
        #expect(throws: MultipartError.tooManyParts(limit: 16)) {
            try MultipartParser.parse(body: many + part + end, boundary: "B")
        }
        let tooMany = Array(repeatElement(part, count: 10_000).joined()) + end
        #expect(throws: MultipartError.tooManyParts(limit: 16)) {
            try MultipartParser.parse(body: tooMany, boundary: "B")
        }
        #expect(try MultipartParser.parse(body: tooMany, boundary: "B", maximumParts: 10_000).count == 10_000)

        let room = MultipartParser.defaultMaximumHeaderBytes - Self.head.utf8.count - "\r\nX: ".utf8.count
        for (length, fits) in [(room, true), (room + 1, false), (1_000_000, false)] {
            let value = String(repeating: "v", count: length)
            let body = Self.body(
                "--B\n\(Self.head)\nX: \(value)\n\nx\n--B--" + String(repeating: " ", count: 5_000))
            let parts = try? MultipartParser.parse(body: body, boundary: "B")
            #expect((parts?.count == 1) == fits)
            if !fits {
                #expect(throws: MultipartError.headerTooLong(limit: 4096)) {
                    try MultipartParser.parse(body: body, boundary: "B")
                }
            }
        }
    }

    @Test(
        "Bodies that nearly contain delimiters everywhere take linear time", .timeLimit(.minutes(2)),
        arguments: [
            "\r", "\r\n", "\r\n--", "\r\n--\(String(repeating: "B", count: 69))", "\r\n--B\t", " ", "-",
        ])
    func linearTime(piece: String) throws {
        let boundary = String(repeating: "B", count: 70)
        let content = Array(
            repeatElement(Array(piece.utf8), count: LargeJSONTests.size / piece.utf8.count).joined())
        let head = Array("--\(boundary)\r\n\(Self.head)\r\n\r\n".utf8)
        #expect(throws: MultipartError.missingOpeningDelimiter) {
            try MultipartParser.parse(body: content, boundary: boundary)
        }
        #expect(throws: MultipartError.missingClosingDelimiter) {
            try MultipartParser.parse(body: head + content, boundary: boundary)
        }
        let whole = head + content + Array("\r\n--\(boundary)--".utf8)
        #expect(try MultipartParser.parse(body: whole, boundary: boundary).first?.body.count == content.count)
    }

    @Test(
        "Damaged forms are refused or read, never more", arguments: [5, 6, UInt64.random(in: 0...UInt64.max)])
    func damaged(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let whole = Self.body(
            "--B\n\(Self.head); filename*=UTF-8''%e2%82%ac\nContent-Type: a/b\n\nx\n--B\n\(Self.head)\n\ny\n--B--"
        )
        for _ in 0..<3_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes[position] = whole[Int.random(in: 0..<whole.count, using: &generator)]
                } else {
                    bytes[position] = UInt8.random(in: 0...255, using: &generator)
                }
            }
            let parts = (try? MultipartParser.parse(body: bytes, boundary: "B")) ?? []
            #expect(parts.allSatisfy { $0.body.endIndex <= bytes.count }, "seed \(seed)")
        }
    }
}
