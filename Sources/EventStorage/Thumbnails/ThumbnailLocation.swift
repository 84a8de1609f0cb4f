// SPDX-License-Identifier: MIT

/// A file in the thumbnail directory: one folder, one name, both harmless.
public struct ThumbnailLocation: Sendable, Hashable {
    /// The folder: the day of the event.
    public let folder: String
    /// The name of the file.
    public let name: String

    private static let longestComponent = 255
    /// How often a spelling may be percent-encoded over; deeper ones are refused.
    private static let encodingDepth = 4

    /// The location as `date/name`, the form kept in the database.
    public var relativePath: String { "\(folder)/\(name)" }

    /// The location as clients ask for it.
    public var url: String { "/api/v1/thumbnails/\(folder)/\(name)" }

    /// The location called `folder/name`; nil when that is not exactly two harmless components.
    public init?(relativePath: String) {
        guard let (folder, name) = Self.components(relativePath) else { return nil }
        // A server in front may decode once more than is known here.
        var text = relativePath
        for depth in 0...Self.encodingDepth where text.utf8.contains(UInt8(ascii: "%")) {
            guard let decoded = Self.percentDecoded(text), depth < Self.encodingDepth else { return nil }
            if decoded == text { break }
            guard Self.components(decoded) != nil else { return nil }
            text = decoded
        }
        self.folder = folder
        self.name = name
    }

    /// Where the picture of an event is kept: `<day>/<event id>.<extension>`; nil when a part is not harmless.
    public init?(day: String, eventID: String, fileExtension: String) {
        self.init(relativePath: "\(day)/\(eventID).\(fileExtension)")
    }

    private static func components(_ path: String) -> (folder: String, name: String)? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(isHarmless) else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// Whether a component names something in its folder and nothing else: not hidden, no way up, no separator of
    /// another system, nothing that a terminal or C would take for a sign of its own.
    private static func isHarmless(_ component: Substring) -> Bool {
        guard (1...longestComponent).contains(component.utf8.count), component.first != "." else {
            return false
        }
        return component.unicodeScalars.allSatisfy { scalar in
            if scalar.isASCII {
                return (0x20..<0x7F).contains(scalar.value) && scalar != "\\" && scalar != "/"
            }
            return scalar.properties.generalCategory != .control
                && scalar.properties.generalCategory != .format
        }
    }

    /// The text with its percent escapes decoded once; nil when that is not UTF-8.
    private static func percentDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(Substring(digits), radix: 16),
                digits.first != UInt8(ascii: "+")
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
