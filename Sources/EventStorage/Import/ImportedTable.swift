// SPDX-License-Identifier: MIT
internal import GRDB

/// A table of the source and what is done with its rows.
protocol ImportedTable {
    /// The source's name of the table.
    static var name: String { get }
    /// Columns that are read, in order.
    static var columns: [String] { get }
    /// Columns that must be there; without columns the whole table may be missing.
    static var requiredColumns: [String] { get }
    /// Columns of the source's table.
    var found: Set<String> { get }
    /// Takes rows over. Column 0 is the place of the row, the others are ``columns``.
    func take(_ rows: [Row], into summary: inout ImportSummary) async throws(StorageError)
}

extension ImportedTable {
    /// Reads which columns the source's table has.
    static func foundColumns(in source: SourceDatabase) throws(ImportError) -> Set<String> {
        let found = try source.columns(of: name)
        if let missing = requiredColumns.first(where: { !found.contains($0) }) {
            throw .tableMissing(table: name, column: found.isEmpty ? nil : missing)
        }
        return found
    }

    /// Counts the rows; nil when there is no such table.
    var countSQL: String? { found.isEmpty ? nil : "SELECT count(*) FROM \(Self.name)" }

    /// Selects rows after a place in their order; nil when there is no such table.
    var rowsSQL: String? {
        guard !found.isEmpty else { return nil }
        let columns = Self.columns.map { found.contains($0) ? "\"\($0)\"" : "NULL" }.joined(separator: ", ")
        return "SELECT rowid, \(columns) FROM \(Self.name) WHERE rowid > ? ORDER BY rowid LIMIT ?"
    }
}
