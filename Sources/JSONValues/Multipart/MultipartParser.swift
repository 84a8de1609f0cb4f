// SPDX-License-Identifier: MIT

/// Takes a `multipart/form-data` body apart (RFC 7578 over RFC 2046, section 5.1); hostile bytes are expected.
///
/// Strict where readers could differ: lines end with CR LF, the closing delimiter must be there, fields and
/// parameters must not repeat. Takes time linear in the size of the body; bodies of parts are not copied.
package struct MultipartParser {
    /// A form of the API has two parts.
    package static let defaultMaximumParts = 16
    /// Names and types fit into a fraction of this.
    package static let defaultMaximumHeaderBytes = 4096

    private let body: [UInt8]
    private let delimiter: [UInt8]
    private let maximumHeaderBytes: Int
    private var offset = 0

    /// Reads all parts of a body, in order.
    ///
    /// - Parameters:
    ///   - body: The whole body.
    ///   - boundary: The boundary from the `Content-Type`, see ``boundary(contentType:)``.
    ///   - maximumParts: How many parts may come.
    ///   - maximumHeaderBytes: How long the header of one part may be.
    /// - Returns: The parts; none for a form without fields.
    /// - Throws: ``MultipartError`` with the first thing that is wrong.
    package static func parse(
        body: [UInt8], boundary: String, maximumParts: Int = defaultMaximumParts,
        maximumHeaderBytes: Int = defaultMaximumHeaderBytes
    ) throws(MultipartError) -> [MultipartPart] {
        guard isBoundary(boundary) else { throw .invalidBoundary }
        var parser = MultipartParser(body: body, boundary: boundary, maximumHeaderBytes: maximumHeaderBytes)
        guard parser.findDelimiter(opening: true) != nil else { throw .missingOpeningDelimiter }
        var parts: [MultipartPart] = []
        while try !parser.skipEndOfDelimiter() {
            guard parts.count < maximumParts else { throw .tooManyParts(limit: maximumParts) }
            parts.append(try parser.parsePart(index: parts.count))
        }
        return parts
    }

    /// The boundary of a `Content-Type` value, or nil where that is not `multipart/form-data` with a boundary.
    package static func boundary(contentType: String) -> String? {
        guard let value = HeaderFieldValue(contentType), value.main == "multipart/form-data" else {
            return nil
        }
        return value.parameters["boundary"].flatMap { isBoundary($0) ? $0 : nil }
    }

    private static func isBoundary(_ text: String) -> Bool {
        let isAllowed: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "'()+_,-./:=? ".utf8.contains(byte)
            }
        }
        return 1...70 ~= text.utf8.count && text.utf8.allSatisfy(isAllowed)
            && text.utf8.last != UInt8(ascii: " ")
    }

    private init(body: [UInt8], boundary: String, maximumHeaderBytes: Int) {
        self.body = body
        self.maximumHeaderBytes = maximumHeaderBytes
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    private mutating func parsePart(index: Int) throws(MultipartError) -> MultipartPart {
        let header = try parseHeader(part: index)
        // The CR LF of the empty line may begin the delimiter; such a part has no body at all.
        let start = offset + 2
        guard let end = findDelimiter(opening: false) else { throw .missingClosingDelimiter }
        return MultipartPart(
            name: header.name, filename: header.filename, contentType: header.contentType,
            body: body[min(start, end)..<end])
    }

    /// Goes past the header of a part, up to the CR LF that is its empty line.
    private mutating func parseHeader(part: Int) throws(MultipartError) -> MultipartHeader {
        if matches("\r\n", at: offset) { return try MultipartHeader(lines: [], part: part) }
        let limit = min(offset + maximumHeaderBytes, body.count)
        var end = offset
        while !matches("\r\n\r\n", at: end) {
            guard end < limit else {
                throw limit == body.count
                    ? .missingClosingDelimiter : .headerTooLong(limit: maximumHeaderBytes)
            }
            end += 1
        }
        let header = try MultipartHeader(lines: body[offset..<end], part: part)
        offset = end + 2
        return header
    }

    /// Goes past the delimiter that comes next; returns where it begins.
    ///
    /// A line that only begins like a delimiter belongs to the body: what follows must be the end of the line, or
    /// the two hyphens that close the form.
    private mutating func findDelimiter(opening: Bool) -> Int? {
        // The CR LF before a delimiter is a part of it, except at the very start.
        if opening, delimiterEnd(at: 0, from: 2) != nil {
            offset = delimiter.count - 2
            return 0
        }
        var position = offset
        while let found = body[position...].firstIndex(of: 0x0D) {
            if delimiterEnd(at: found, from: 0) != nil {
                offset = found + delimiter.count
                return found
            }
            // A boundary contains no CR, so nothing that was compared can begin a delimiter.
            position = found + 1
        }
        return nil
    }

    /// Where a delimiter without its first bytes ends, if it stands at `position` and its line ends well.
    private func delimiterEnd(at position: Int, from first: Int) -> Int? {
        let end = position + delimiter.count - first
        guard end <= body.count, body[position..<end].elementsEqual(delimiter[first...]) else { return nil }
        return matches("--", at: end) || lineEnd(after: end) != nil ? end : nil
    }

    /// Goes past what follows a delimiter; true if it closes the form.
    private mutating func skipEndOfDelimiter() throws(MultipartError) -> Bool {
        if matches("--", at: offset) { return true }
        guard let end = lineEnd(after: offset) else { throw .missingClosingDelimiter }
        offset = end
        return false
    }

    /// Where the next line begins, if only spaces and tabs stand before it.
    private func lineEnd(after position: Int) -> Int? {
        var position = position
        while position < body.count, body[position] == 0x20 || body[position] == 0x09 { position += 1 }
        return matches("\r\n", at: position) ? position + 2 : nil
    }

    private func matches(_ text: String, at position: Int) -> Bool {
        let end = position + text.utf8.count
        return end <= body.count && body[position..<end].elementsEqual(text.utf8)
    }
}
