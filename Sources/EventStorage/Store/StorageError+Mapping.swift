// SPDX-License-Identifier: MIT
internal import GRDB
internal import SystemPackage

extension StorageError {
    /// The one place where errors of GRDB, SQLite and the system become errors of the store.
    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError: self.init(database: error)
        case let error as Errno: self.init(errno: error)
        default: self = .io(detail: String(describing: type(of: error)))
        }
    }

    private init(database error: DatabaseError) {
        let detail = error.message ?? "code \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_CORRUPT: self = .corrupt(detail: detail)
        case .SQLITE_NOTADB: self = .corrupt(detail: "the file is not a database")
        case .SQLITE_CONSTRAINT: self = .constraint(detail: detail)
        case .SQLITE_MISUSE where detail == "Connection is closed": self = .closed
        default: self = .io(detail: "\(detail), SQLite code \(error.extendedResultCode.rawValue)")
        }
    }

    init(errno error: Errno) {
        switch error {
        case .noSpace, .diskQuotaExceeded: self = .diskFull
        case .readOnlyFileSystem, .permissionDenied, .notPermitted: self = .readOnly
        default: self = .io(detail: error.description)
        }
    }
}
