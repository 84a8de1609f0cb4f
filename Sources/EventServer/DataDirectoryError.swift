// SPDX-License-Identifier: MIT

/// Why a data directory cannot be used.
public enum DataDirectoryError: Error, Equatable, Sendable {
    /// It cannot be made or written.
    case cannotCreate(String)
    /// Another server has it.
    case inUse(String)

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .cannotCreate: "data_directory_unusable"
        case .inUse: "data_directory_in_use"
        }
    }
}

extension DataDirectoryError: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .cannotCreate(let path):
            "The data directory '\(path)' cannot be made or written; check its owner and the free space."
        case .inUse(let path):
            "Another server uses the data directory '\(path)'; stop it, or choose another --data-dir."
        }
    }
}
