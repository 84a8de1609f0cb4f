// SPDX-License-Identifier: MIT
package import SystemPackage

/// Why a file could not be mapped into memory.
package enum FileMappingError: Error, Equatable, Sendable {
    /// The system refused to open, examine or map the file.
    case cannotOpen(Errno)
    /// The path names a directory, a device or a pipe.
    case notARegularFile
}

extension FileMappingError: CustomStringConvertible {
    /// Stable identifier for programs.
    package var code: String {
        switch self {
        case .cannotOpen(.noSuchFileOrDirectory): "file_not_found"
        case .cannotOpen: "file_not_readable"
        case .notARegularFile: "not_a_regular_file"
        }
    }

    package var description: String {
        switch self {
        case .cannotOpen(let errno):
            "The file cannot be opened for reading: \(errno). Check the path and its permissions."
        case .notARegularFile:
            "The path is a directory or a device, expected a regular file. Name the file itself."
        }
    }
}
