// SPDX-License-Identifier: MIT

/// What the header of a part says (RFC 7578).
struct MultipartHeader {
    let name: String
    let filename: String?
    let contentType: String?

    /// Reads the lines between a delimiter and the empty line, without the latter.
    init(lines bytes: ArraySlice<UInt8>, part: Int) throws(MultipartError) {
        guard let fields = Self.fields(of: bytes) else { throw .malformedHeader(part: part) }
        let encoding = fields["content-transfer-encoding"]?.lowercased() ?? "binary"
        guard ["binary", "8bit", "7bit"].contains(encoding) else {
            throw .unsupportedTransferEncoding(part: part)
        }
        guard let text = fields["content-disposition"] else { throw .missingName(part: part) }
        guard let disposition = HeaderFieldValue(text) else { throw .malformedHeader(part: part) }
        guard disposition.main == "form-data", let name = disposition.parameters["name"] else {
            throw .missingName(part: part)
        }
        self.name = name
        contentType = fields["content-type"]
        if let extended = disposition.parameters["filename*"] {
            guard let decoded = Self.decode(extended: extended) else { throw .malformedHeader(part: part) }
            filename = decoded
        } else {
            filename = disposition.parameters["filename"]
        }
    }

    /// Values by names in lower case; nil where a line is no field, a field repeats, or a line is folded.
    private static func fields(of bytes: ArraySlice<UInt8>) -> [String: String]? {
        var fields: [String: String] = [:]
        guard !bytes.isEmpty else { return fields }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        for line in text.split(separator: "\r\n" as Character, omittingEmptySubsequences: false) {
            guard line.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else { return nil }
            var scanner = HeaderScanner(line)
            let name = scanner.scan(while: HeaderScanner.isToken).lowercased()
            guard !name.isEmpty, scanner.skip(UInt8(ascii: ":")) else { return nil }
            scanner.skipSpaces()
            let value = scanner.scan { _ in true }.trimmed
            guard fields.updateValue(String(value), forKey: name) == nil else { return nil }
        }
        return fields
    }

    /// Decodes `UTF-8''caf%C3%A9.jpg` (RFC 8187); nil for another character set and for what is not UTF-8.
    private static func decode(extended text: String) -> String? {
        let pieces = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, pieces[0].lowercased() == "utf-8" else { return nil }
        var encoded = Array(pieces[2].utf8)[...]
        var decoded: [UInt8] = []
        while let byte = encoded.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = encoded.popFirst()?.hexadecimalDigit,
                let low = encoded.popFirst()?.hexadecimalDigit
            else { return nil }
            decoded.append(high << 4 | low)
        }
        guard !decoded.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }
}
