// SPDX-License-Identifier: MIT
internal import Foundation
internal import JSONValues

extension QueryFields {
    /// A time zone by its IANA name; nil when absent or wrong.
    mutating func timeZone(_ name: String) -> TimeZone? {
        guard let text = text(name, maximumLength: 64) else { return nil }
        // A plus sign that was not encoded, as in Etc/GMT+5, arrives as a space.
        let zone = text.replacing(" ", with: "+")
        // The library looks for a file of this name on some systems.
        let isName = (zone.utf8.first.map(Self.isLetter) ?? false) && zone.utf8.allSatisfy(Self.isPartOfName)
        guard isName, let timeZone = TimeZone(identifier: zone) else {
            report(
                .value(
                    "expected an IANA time zone, such as Europe/Berlin", ["query", .string(name)],
                    .string(text)))
            return nil
        }
        return timeZone
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || Array("/_+-".utf8).contains(byte)
    }
}
