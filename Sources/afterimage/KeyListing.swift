// SPDX-License-Identifier: MIT
import EventStorage
import Foundation

/// A key as the commands print it.
struct KeyListing {
    private let record: AccessKeyRecord

    init(_ record: AccessKeyRecord) {
        self.record = record
    }

    private var scopes: [String] { AccessScope.allCases.filter(record.scopes.contains).map(\.rawValue) }

    /// One JSON object; with the key itself when it has just been made.
    func json(key: String? = nil) -> String {
        func time(_ moment: Timestamp?) -> String { moment.map { JSONText.string($0.iso8601) } ?? "null" }
        let fields = [
            ("id", JSONText.string(record.id)), ("name", JSONText.string(record.name)),
            ("scopes", "[\(scopes.map(JSONText.string).joined(separator: ","))]"),
            ("created_at", time(record.createdAt)), ("last_used_at", time(record.lastUsedAt)),
            ("revoked_at", time(record.revokedAt)),
        ]
        let members = (fields + (key.map { [("key", JSONText.string($0))] } ?? []))
            .map { "\"\($0.0)\":\($0.1)" }
        return "{\(members.joined(separator: ","))}"
    }

    /// A table with one line a key, names last because they may hold anything.
    static func table(of listings: [KeyListing]) -> [String] {
        let heading = ["id", "scopes", "created", "last used", "revoked", "name"]
        let rows = [heading] + listings.map(\.cells)
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).dropLast().map { cell, width in
                cell.padding(toLength: width + 2, withPad: " ", startingAt: 0)
            }.joined() + (row.last ?? "")
        }
    }

    private var cells: [String] {
        [
            record.id, scopes.joined(separator: ","), Self.minute(record.createdAt),
            Self.minute(record.lastUsedAt), Self.minute(record.revokedAt), Self.oneLine(record.name),
        ]
    }

    private static func minute(_ moment: Timestamp?) -> String {
        moment.map { $0.iso8601.prefix(16) + "Z" } ?? "-"
    }

    /// A name without what would move a terminal's cursor.
    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
