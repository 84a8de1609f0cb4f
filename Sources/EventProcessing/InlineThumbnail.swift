// SPDX-License-Identifier: MIT
internal import Foundation

/// A thumbnail that is kept in its event's row.
package enum InlineThumbnail {
    /// The bytes of the row's text: base64 as we write it, or a data URI as other programs do; nil for anything else.
    package static func bytes(of text: String) -> [UInt8]? {
        var payload = Substring(text)
        if text.hasPrefix("data:"), let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) {
            payload = text[text.utf8.index(after: comma)...]
        }
        return Data(base64Encoded: String(payload), options: .ignoreUnknownCharacters).map { [UInt8]($0) }
    }
}
