// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation

/// A file that appears under its name only when it is whole: written beside it, synced, renamed.
final class FileReplacement {
    let handle: FileHandle
    private let path: String
    private let temporaryPath: String
    private var isCommitted = false

    init(_ path: String) throws {
        self.path = path
        temporaryPath = "\(path).\(ProcessInfo.processInfo.processIdentifier).partial"
        guard FileManager.default.createFile(atPath: temporaryPath, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporaryPath)
        else {
            StandardError.print("file_not_writable: '\(path)' cannot be written; check the folder and its permissions.")
            throw ExitCode(1)
        }
        self.handle = handle
    }

    func commit() throws {
        try handle.synchronize()
        try handle.close()
        guard rename(temporaryPath, path) == 0 else {
            StandardError.print("file_not_writable: '\(path)' cannot be replaced; check the folder and its permissions.")
            throw ExitCode(1)
        }
        isCommitted = true
    }

    deinit {
        if !isCommitted { try? FileManager.default.removeItem(atPath: temporaryPath) }
    }
}
