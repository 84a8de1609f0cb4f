// SPDX-License-Identifier: MIT
import JSONValues
import Testing

@Suite("Headers of forms")
struct MultipartHeaderTests {
    private static func part(_ header: [UInt8]) throws -> MultipartPart? {
        let body = Array("--B\r\n".utf8) + header + Array("\r\n\r\nx\r\n--B--".utf8)
        return try MultipartParser.parse(body: body, boundary: "B").first
    }

    static let longest = String(repeating: "b", count: 70)

    static let boundaries: [(String, String?)] = [
        ("multipart/form-data; boundary=B", "B"), ("Multipart/Form-Data;BOUNDARY=B", "B"),
        ("multipart/form-data; charset=utf-8; boundary=\"B\"", "B"),
        ("multipart/form-data ;\tboundary = B ;", "B"),
        ("multipart/form-data; boundary=\"a b?c\"", "a b?c"),
        ("multipart/form-data; boundary=a/b:c=d", "a/b:c=d"),
        ("multipart/form-data; boundary=----x", "----x"),
        ("multipart/form-data; boundary=\"a'()+_,-./:=?b\"", "a'()+_,-./:=?b"),
        ("multipart/form-data; boundary=\(longest)", longest),
        ("multipart/form-data; boundary=\(longest)b", nil), ("multipart/form-data; boundary=\"\"", nil),
        ("multipart/form-data; boundary=", nil), ("multipart/form-data; boundary", nil),
        ("multipart/form-data", nil),
        ("multipart/form-data; boundary=\"a ", nil), ("multipart/form-data; boundary=\"a \"", nil),
        ("multipart/form-data; boundary=\"a\"b", nil), ("multipart/form-data; boundary=a b", nil),
        ("multipart/form-data; boundary=a; boundary=b", nil), ("multipart/form-data; boundary=é", nil),
        ("multipart/form-data; boundary=\"a\r\nb\"", nil), ("multipart/form-data; =a; boundary=b", nil),
        ("multipart/mixed; boundary=B", nil), ("application/json; boundary=B", nil), ("boundary=B", nil),
        ("", nil),
        (";;;;", nil),
    ]

    @Test("The boundary comes from a Content-Type of a form, once, in quotes or not", arguments: boundaries)
    func boundary(contentType: String, boundary: String?) {
        #expect(MultipartParser.boundary(contentType: contentType) == boundary)
    }

    @Test("What is no boundary is refused", arguments: ["", longest + "b", "a ", "é", "a\r\n", "a\"", "a;"])
    func invalidBoundary(boundary: String) {
        #expect(throws: MultipartError.invalidBoundary) {
            try MultipartParser.parse(body: [], boundary: boundary)
        }
    }

    static let names: [(String, String, String?)] = [
        (#"form-data; name="a""#, "a", nil), ("form-data; name=a", "a", nil),
        (#"form-data; name="""#, "", nil),
        (#"FORM-DATA; NAME="a"; FileName="b""#, "a", "b"), (#"form-data; filename="b";name="a""#, "a", "b"),
        (#"form-data; name="a \"q\" \\ b""#, #"a "q" \ b"#, nil),
        (#"form-data; name=a; filename="C:\pictures\door.jpg""#, "a", #"C:\pictures\door.jpg"#),
        (#"form-data; name=a; filename="../../etc/passwd""#, "a", "../../etc/passwd"),
        (#"form-data; name="a;b=c"; filename="ü é.jpg""#, "a;b=c", "ü é.jpg"),
        (#"form-data; name="a"; filename="%22x%22""#, "a", "%22x%22"),
        (#"form-data; name=a; filename="b"; filename*=UTF-8''%e2%82%ac%20x.jpg"#, "a", "€ x.jpg"),
        (#"form-data; name=a; filename*=utf-8'en'plain.jpg"#, "a", "plain.jpg"),
        (#"form-data; name=a; filename="""#, "a", ""), ("form-data; name=a;", "a", nil),
        ("form-data; name=a; size=3", "a", nil),
    ]

    @Test("Names may be quoted, escaped and in any script", arguments: names)
    func disposition(value: String, name: String, filename: String?) throws {
        let part = try Self.part(Array("Content-Disposition: \(value)".utf8))
        #expect(part?.name == name)
        #expect(part?.filename == filename)
    }

    @Test("Fields are found in any case and order, and unknown ones do not matter")
    func fields() throws {
        let text = "X-A: 1\r\ncontent-type:  image/png \r\nCONTENT-DISPOSITION:form-data;name=a\r\nx-empty:"
        let part = try Self.part(Array(text.utf8))
        #expect(part?.name == "a")
        #expect(part?.contentType == "image/png")
    }

    static let good = "Content-Disposition: form-data; name=a"

    static let malformedHeaders: [String] = [
        "\(good)\r\n\(good)", "\(good)\r\nContent-Type: a/b\r\ncontent-type: c/d", "\(good)\r\nno colon",
        "\(good)\r\n: empty", "\(good)\r\n folded: x", "\(good)\r\nX Y: z", "\(good)\r\nX : z",
        "\(good)\r\nX: a\0b", "\(good)\r\nX: a\u{7F}", "\(good)\r\nX: a\nContent-Type: b/c",
        "\(good)\r\nX: a\rb",
        "\(good); name=b", "Content-Disposition: form-data; name", "Content-Disposition: form-data; name=",
        "Content-Disposition: form-data; name=\"a", "Content-Disposition: form-data; name=\"a\"b",
        "Content-Disposition: form-data; name=\"a\\\"", "Content-Disposition: form-data name=a; name2",
        "\(good); filename*=UTF-8''%e2%82", "\(good); filename*=UTF-8''%c0%80",
        "\(good); filename*=UTF-8''%zz",
        "\(good); filename*=UTF-8''%0d%0a", "\(good); filename*=latin-1''x", "\(good); filename*=x",
        "\(good); filename*=UTF-8''a%2",
    ]

    @Test("A header that readers could understand in two ways is refused", arguments: malformedHeaders)
    func malformed(header: String) {
        #expect(throws: MultipartError.malformedHeader(part: 0)) { try Self.part(Array(header.utf8)) }
    }

    @Test(
        "A header that is not UTF-8 is refused",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let header = Array("Content-Disposition: form-data; name=\"".utf8) + bytes + [0x22]
        #expect(throws: MultipartError.malformedHeader(part: 0)) { try Self.part(header) }
    }

    @Test(
        "A part must be a named field of a form",
        arguments: ["attachment; name=a", "form-data", "form-data; x=a", ""])
    func unnamed(disposition: String) {
        #expect(throws: MultipartError.missingName(part: 0)) {
            try Self.part(Array("Content-Disposition: \(disposition)".utf8))
        }
    }

    @Test("Only bytes that are sent as they are can be read", arguments: ["base64", "quoted-printable", "x"])
    func transferEncoding(encoding: String) throws {
        let header = "\(Self.good)\r\nContent-Transfer-Encoding: "
        #expect(throws: MultipartError.unsupportedTransferEncoding(part: 0)) {
            try Self.part(Array((header + encoding).utf8))
        }
        #expect(try Self.part(Array((header + "BINARY").utf8)) != nil)
    }
}
