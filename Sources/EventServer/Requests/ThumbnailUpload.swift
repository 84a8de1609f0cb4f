// SPDX-License-Identifier: MIT
internal import Foundation
internal import HTTPTypes
internal import JSONValues

/// A picture sent as text.
enum ThumbnailUpload {
    /// The bytes of bare base64 or of a data URI with base64; line breaks and spaces in between are allowed.
    ///
    /// - Throws: ``Problem`` 400 with the reason.
    static func bytes(of text: String) throws(Problem) -> [UInt8] {
        var payload = Substring(text)
        if text.prefix(5).lowercased() == "data:" {
            guard let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) else {
                throw invalid("the data URI has no comma")
            }
            guard text[..<comma].lowercased().hasSuffix(";base64") else {
                throw invalid("the data URI is not in base64")
            }
            payload = text[text.utf8.index(after: comma)...]
        }
        var symbols = Data(payload.utf8)
        if symbols.contains(where: isSpace) { symbols.removeAll(where: isSpace) }
        guard symbols.count % 4 == 0 else { throw invalid("incorrect padding") }
        guard let bytes = Data(base64Encoded: symbols) else {
            throw invalid("it has characters that are not base64")
        }
        return [UInt8](bytes)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func invalid(_ reason: String) -> Problem {
        Problem(.badRequest, .string("Invalid thumbnail data: \(reason)"))
    }
}
