// SPDX-License-Identifier: MIT
import Foundation

/// Pieces of JSON where the order of keys is part of the format, which encoders do not promise.
enum JSONText {
    /// `text` as a JSON string, quotes included.
    static func string(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(text) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }
}
