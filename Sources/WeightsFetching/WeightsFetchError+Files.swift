// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage

extension WeightsFetchError {
    /// What a failed file operation on `path` means.
    init(_ error: any Error, at path: FilePath) {
        switch error {
        case let error as WeightsFetchError: self = error
        case Errno.noSpace, Errno.diskQuotaExceeded: self = .diskFull(path: path.string)
        case let error as Errno: self = .fileFailure(path: path.string, reason: error.description)
        case let error as CocoaError where error.code == .fileWriteOutOfSpace:
            self = .diskFull(path: path.string)
        default: self = .fileFailure(path: path.string, reason: "\(error)")
        }
    }
}

extension FilePath {
    /// The folder that holds the file; `.` for a bare name.
    var folder: FilePath {
        let folder = removingLastComponent()
        return folder.isEmpty ? "." : folder
    }
}
