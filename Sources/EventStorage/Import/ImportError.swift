// SPDX-License-Identifier: MIT

/// Why a database cannot be imported.
public enum ImportError: Error, Equatable, Sendable {
    /// There is no such file.
    case sourceMissing(path: String)
    /// The file is not an SQLite database, or is damaged.
    case sourceUnreadable(path: String, reason: String)
    /// The database lacks a table or a column without which there is nothing to import.
    case tableMissing(table: String, column: String?)
    /// The events could not be stored.
    case storage(StorageError)
    /// The task was cancelled; what was imported stays.
    case cancelled
}

extension ImportError: CustomStringConvertible {
    /// Stable identifier for programs.
    public var code: String {
        switch self {
        case .sourceMissing: "import_source_missing"
        case .sourceUnreadable: "import_source_unreadable"
        case .tableMissing: "import_table_missing"
        case .storage(let error): error.code
        case .cancelled: "import_cancelled"
        }
    }

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .sourceMissing(let path): "There is no file \(path); give the path of the database to import."
        case .sourceUnreadable(let path, let reason):
            "\(path) cannot be read as an SQLite database (\(reason)); give another file or a backup of it."
        case .tableMissing(let table, let column):
            "The database has no table \(table)\(column.map { " with a column \($0)" } ?? ""); "
                + "it is not one of the Python system."
        case .storage(let error): error.description
        case .cancelled: "The import was cancelled; run it again to take over the rest."
        }
    }
}
