// SPDX-License-Identifier: MIT
import Foundation

/// A result file named on the command line; appears under its name only when it is whole.
struct OutputFile {
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Writes beside the destination and renames.
    ///
    /// - Throws: The reason on standard error and exit code 1.
    func write(_ contents: Data) throws {
        do {
            try contents.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw StandardError.failure(
                "file_not_writable",
                "'\(path)' cannot be written: \(error.localizedDescription) Check the folder.")
        }
    }
}
