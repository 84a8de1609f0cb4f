// SPDX-License-Identifier: MIT
import Checkpoints
import SystemPackage
import Tensors
import Testing

/// One malformed file and the rule it breaks.
struct MalformedFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let error: SafetensorsError

    /// A file with the right length prefix for `header`.
    init(_ name: String, _ header: String, data: Int = 0, _ error: SafetensorsError) {
        self.init(name, Safetensors.file(header: Array(header.utf8), dataByteCount: data), error)
    }

    init(_ name: String, _ bytes: [UInt8], _ error: SafetensorsError) {
        testDescription = name
        self.bytes = bytes
        self.error = error
    }

    /// Malformed JSON at `position`.
    init(_ name: String, _ header: String, at position: Int, _ expected: String) {
        self.init(name, header, .headerMalformed(atByte: position, expected: expected))
    }
}

/// Builds safetensors files byte by byte.
enum Safetensors {
    static func file(header: [UInt8], dataByteCount: Int = 0) -> [UInt8] {
        prefix(UInt64(header.count)) + header + [UInt8](repeating: 0, count: dataByteCount)
    }

    static func prefix(_ length: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
    }
}

@Suite("Safetensors header")
struct SafetensorsHeaderTests {
    static let malformed: [MalformedFile] = [
        // Length prefix.
        MalformedFile("empty file", [], .lengthPrefixMissing(fileByteCount: 0)),
        MalformedFile("seven bytes", [1, 0, 0, 0, 0, 0, 0], .lengthPrefixMissing(fileByteCount: 7)),
        MalformedFile(
            "header over 100 MB", Safetensors.prefix(100_000_001) + Array("{}".utf8),
            .headerTooLarge(declared: 100_000_001, limit: 100_000_000)),
        MalformedFile(
            "header length of 2^64 − 1", Safetensors.prefix(.max) + Array("{}".utf8),
            .headerTooLarge(declared: .max, limit: 100_000_000)),
        MalformedFile(
            "header reaches past the end", Safetensors.prefix(3) + Array("{}".utf8),
            .headerOutOfBounds(end: 11, fileByteCount: 10)),
        // Text.
        MalformedFile("not UTF-8", Safetensors.file(header: [0x7B, 0xFF, 0x7D]), .headerNotUTF8),
        MalformedFile(
            "overlong UTF-8",
            Safetensors.file(header: Array("{\"".utf8) + [0xC0, 0xAF] + Array("\":1}".utf8)), .headerNotUTF8),
        MalformedFile("empty header", "", at: 0, "'{'"),
        MalformedFile("leading space", " {}", at: 0, "'{'"),
        MalformedFile("a list", "[]", at: 0, "'{'"),
        MalformedFile("never closed", "{", at: 1, "a string"),
        MalformedFile("text after the brace", "{}x", at: 2, "nothing but spaces after '}'"),
        MalformedFile("second object", "{}{}", at: 2, "nothing but spaces after '}'"),
        MalformedFile("trailing comma", #"{"__metadata__":{},}"#, at: 19, "a string"),
        MalformedFile("no colon", #"{"a" 1}"#, at: 5, "':'"),
        MalformedFile("string never closed", #"{"a"#, at: 3, "the end of the string"),
        MalformedFile("raw control character", "{\"a\nb\":1}", at: 3, "control characters to be escaped"),
        MalformedFile("unknown escape", #"{"\x":1}"#, at: 4, #"one of \" \\ \/ \b \f \n \r \t \u"#),
        MalformedFile("short escape", #"{"\u12":1}"#, at: 4, "four hexadecimal digits"),
        MalformedFile("lone surrogate", #"{"\ud800":1}"#, at: 8, "a surrogate pair"),
        MalformedFile("half a pair", #"{"\ud800\u0041":1}"#, at: 14, "a surrogate pair"),
        MalformedFile("deep nesting", "{\"a\":" + String(repeating: "[", count: 100_000), at: 5, "'{'"),
        // Metadata.
        MalformedFile("metadata is a number", #"{"__metadata__":1}"#, at: 16, "'{'"),
        MalformedFile("metadata value is a number", #"{"__metadata__":{"a":1}}"#, at: 21, "a string"),
        MalformedFile(
            "metadata twice", #"{"__metadata__":{},"__metadata__":{}}"#,
            .duplicateTensor(name: "__metadata__")),
        MalformedFile(
            "metadata key twice", #"{"__metadata__":{"a":"1","a":"2"}}"#,
            .duplicateKey(tensor: "__metadata__", key: "a")),
        // Fields of a tensor.
        MalformedFile(
            "tensor twice",
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"#
                + #""data_offsets":[1,2]}}"#,
            data: 2, .duplicateTensor(name: "a")),
        MalformedFile(
            "tensor twice, once escaped",
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"#
                + #""data_offsets":[1,2]}}"#,
            data: 2, .duplicateTensor(name: "a")),
        MalformedFile(
            "field twice", #"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1,
            .duplicateKey(tensor: "a", key: "dtype")),
        MalformedFile(
            "no dtype", #"{"a":{"shape":[1],"data_offsets":[0,1]}}"#, data: 1,
            .fieldMissing(tensor: "a", field: "dtype")),
        MalformedFile(
            "no shape", #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, data: 1,
            .fieldMissing(tensor: "a", field: "shape")),
        MalformedFile(
            "no offsets", #"{"a":{"dtype":"U8","shape":[1]}}"#, data: 1,
            .fieldMissing(tensor: "a", field: "data_offsets")),
        MalformedFile(
            "unknown field", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"stride":[1]}}"#, data: 1,
            .fieldUnknown(tensor: "a", field: "stride")),
        MalformedFile(
            "unknown type", #"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, data: 1,
            .elementTypeUnknown(tensor: "a", found: "F8_E4M3")),
        MalformedFile(
            "lower-case type", #"{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}"#, data: 4,
            .elementTypeUnknown(tensor: "a", found: "f32")),
        MalformedFile(
            "one offset", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, at: 49,
            "two data_offsets"),
        MalformedFile(
            "negative dimension", #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, at: 28,
            "a whole number that is not negative"),
        MalformedFile(
            "fraction", #"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, at: 29, "a whole number"),
        MalformedFile(
            "exponent", #"{"a":{"dtype":"U8","shape":[1e3],"data_offsets":[0,1]}}"#, at: 29,
            "a whole number"),
        MalformedFile(
            "leading zero", #"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}"#, at: 30,
            "a number without leading zeros"),
        MalformedFile(
            "dimension of 2^63", #"{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}}"#,
            at: 46, "a number below 2^63"),
        // Sizes and offsets.
        MalformedFile(
            "shape overflows", #"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,1]}}"#,
            data: 1, .sizeOverflow(tensor: "a", shape: [1 << 32, 1 << 32])),
        MalformedFile(
            "element size overflows",
            #"{"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,1]}}"#, data: 1,
            .sizeOverflow(tensor: "a", shape: [1 << 62])),
        MalformedFile(
            "ends before it begins", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, data: 1,
            .offsetsReversed(tensor: "a", start: 1, end: 0)),
        MalformedFile(
            "range too long", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}}"#, data: 5,
            .byteCountMismatch(tensor: "a", expected: 4, found: 5)),
        MalformedFile(
            "zero-sized tensor with bytes", #"{"a":{"dtype":"F32","shape":[2,0],"data_offsets":[0,4]}}"#,
            data: 4, .byteCountMismatch(tensor: "a", expected: 0, found: 4)),
        MalformedFile(
            "gap before the first", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, data: 2,
            .offsetsNotContiguous(tensor: "a", expectedStart: 0, foundStart: 1)),
        MalformedFile(
            "gap",
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"#
                + #""data_offsets":[2,3]}}"#,
            data: 3, .offsetsNotContiguous(tensor: "b", expectedStart: 1, foundStart: 2)),
        MalformedFile(
            "overlap",
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"#
                + #""data_offsets":[1,3]}}"#,
            data: 3, .offsetsNotContiguous(tensor: "b", expectedStart: 2, foundStart: 1)),
        MalformedFile(
            "two tensors in one place",
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"#
                + #""data_offsets":[0,1]}}"#,
            data: 1, .offsetsNotContiguous(tensor: "b", expectedStart: 1, foundStart: 0)),
        MalformedFile(
            "file cut short", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 7,
            .dataNotCovered(describedEnd: 8, dataByteCount: 7)),
        MalformedFile(
            "tail after the last tensor", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 9,
            .dataNotCovered(describedEnd: 8, dataByteCount: 9)),
        MalformedFile(
            "data without tensors", "{}", data: 1, .dataNotCovered(describedEnd: 0, dataByteCount: 1)),
        MalformedFile(
            "misaligned", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} "#, data: 4,
            .misaligned(tensor: "a", offset: 63, alignment: 4)),
    ]

    @Test("refuses each malformed file with its own error", arguments: malformed)
    func refuses(file: MalformedFile) {
        #expect(throws: file.error) { try SafetensorsFile(ByteSlice(file.bytes)) }
        #expect(!file.error.description.isEmpty && !file.error.code.isEmpty)
    }

    static let accepted: [(name: String, header: String, data: Int, tensors: Int)] = [
        ("no tensors", "{}", 0, 0),
        ("trailing spaces", "{}      ", 0, 0),
        ("white space between tokens", "{ \"__metadata__\" :\t{\n} }", 0, 0),
        ("a scalar", #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#, 1, 1),
        ("a zero-sized tensor", #"{"a":{"dtype":"U8","shape":[0,3],"data_offsets":[0,0]}}"#, 0, 1),
        (
            "a zero-sized tensor of huge sides",
            #"{"a":{"dtype":"U8","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, 1
        ),
        (
            "zero-sized tensors in one place",
            #"{"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"data_offsets":[0,1],"shape":[1],"#
                + #""dtype":"U8"}}"#,
            1, 2
        ),
    ]

    @Test("accepts what the format allows", arguments: accepted)
    func accepts(file: (name: String, header: String, data: Int, tensors: Int)) throws {
        let bytes = Safetensors.file(header: Array(file.header.utf8), dataByteCount: file.data)
        let parsed = try SafetensorsFile(ByteSlice(bytes))
        #expect(parsed.tensors.count == file.tensors)
        for description in parsed.tensors { _ = parsed[description].decoded() }
    }

    @Test("reads a misaligned file of an old library when asked to")
    func misaligned() throws {
        let header = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} "#
        var bytes = Safetensors.file(header: Array(header.utf8), dataByteCount: 4)
        bytes[bytes.count - 1] = 0x3F
        bytes[bytes.count - 2] = 0x80
        let file = try SafetensorsFile(ByteSlice(bytes), alignment: .any)
        #expect(try file.tensor("a").decoded() == [1])
    }

    @Test("names what it cannot open")
    func unopenable() throws {
        #expect(throws: SafetensorsError.cannotOpen(.notARegularFile)) { try SafetensorsFile(opening: "/") }
        #expect(throws: SafetensorsError.cannotOpen(.notARegularFile)) {
            try SafetensorsFile(opening: "/dev/zero")
        }
        #expect(throws: SafetensorsError.cannotOpen(.cannotOpen(.noSuchFileOrDirectory))) {
            try SafetensorsFile(opening: "/no/such/file")
        }
    }
}
