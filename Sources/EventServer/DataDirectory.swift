// SPDX-License-Identifier: MIT
internal import Foundation
internal import SystemPackage

/// The places inside a data directory.
package struct DataDirectory: Sendable {
    package let path: String

    package init(_ path: String) {
        self.path = path
    }

    package var database: String { "\(path)/afterimage.sqlite" }
    package var thumbnails: String { "\(path)/thumbnails" }
    package var index: String { "\(path)/afterimage.index" }
    package var weights: String { "\(path)/weights" }

    /// Makes the directory when it is missing, for its owner and group alone.
    package func create() throws(DataDirectoryError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw .cannotCreate(path)
        }
    }

    /// Keeps a second server out of this directory, for as long as this process lives.
    func lock() throws(DataDirectoryError) -> DirectoryLock {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath("\(path)/.lock"), .readWrite, options: .create, permissions: [.ownerReadWrite])
        } catch {
            throw .cannotCreate(path)
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? descriptor.close()
            throw .inUse(path)
        }
        return DirectoryLock(descriptor: descriptor)
    }
}

/// A lock on a data directory that ends with the process.
struct DirectoryLock: Sendable {
    fileprivate let descriptor: FileDescriptor

    func unlock() {
        try? descriptor.close()
    }
}
