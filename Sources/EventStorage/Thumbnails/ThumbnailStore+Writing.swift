// SPDX-License-Identifier: MIT
internal import SystemPackage

#if canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

extension ThumbnailStore {
    /// Keeps `bytes` as `location`.
    ///
    /// When this returns they are on disk; when it throws nothing is left behind.
    ///
    /// - Parameters:
    ///   - bytes: The picture as it came.
    ///   - location: Where to keep it.
    ///   - replacing: Whether a file of that name is replaced; otherwise it stays and `fileExists` is thrown.
    /// - Throws: ``StorageError``: `diskFull`, `readOnly`, `fileExists` or `io`.
    public func write(
        _ bytes: [UInt8], as location: ThumbnailLocation, replacing: Bool = true
    ) throws(StorageError) {
        do {
            try write(bytes, as: location, replacing: replacing, attempts: 3)
        } catch .fileExists {
            throw .fileExists(path: location.relativePath)
        } catch {
            throw StorageError(errno: error)
        }
    }

    /// The folder may be removed as empty between making it and using it; then it is made again.
    private func write(
        _ bytes: [UInt8], as location: ThumbnailLocation, replacing: Bool, attempts: Int
    ) throws(Errno) {
        let root = try root()
        do {
            if try root.makeFolder(location.folder) { try root.sync() }
            let folder = try root.folder(location.folder)
            try Self.write(bytes, to: location.name, in: folder, replacing: replacing)
        } catch {
            guard error == .noSuchFileOrDirectory, attempts > 1 else {
                if error == .noSpace { try? root.removeFolder(location.folder) }
                throw error
            }
            try write(bytes, as: location, replacing: replacing, attempts: attempts - 1)
        }
    }

    private static func write(
        _ bytes: [UInt8], to name: String, in folder: borrowing FolderHandle, replacing: Bool
    ) throws(Errno) {
        var generator = SystemRandomNumberGenerator()
        let temporary = temporaryPrefix + String(generator.next(), radix: 36)
        try fill(folder.newFile(temporary), with: bytes) { try? folder.removeFile(temporary) }
        do {
            if replacing {
                try folder.rename(temporary, to: name)
            } else {
                try folder.link(temporary, to: name)
                try folder.removeFile(temporary)
            }
        } catch {
            try? folder.removeFile(temporary)
            throw error
        }
        try folder.sync()
    }

    /// Writes `bytes` to disk and closes the file; calls `undo` when that fails.
    private static func fill(_ file: FileDescriptor, with bytes: [UInt8], undo: () -> Void) throws(Errno) {
        let written = Result { () throws(Errno) in
            try FolderHandle.system { _ = try file.writeAll(bytes) }
            try FolderHandle.check(fsync(file.rawValue))
        }
        let closed = Result { () throws(Errno) in try FolderHandle.system { try file.close() } }
        do {
            try written.get()
            try closed.get()
        } catch {
            undo()
            throw error
        }
    }

    /// Deletes a picture, and its folder when that was the last one; false when there is none.
    @discardableResult
    public func delete(_ location: ThumbnailLocation) throws(StorageError) -> Bool {
        do {
            let root = try root()
            let folder = try root.folder(location.folder)
            try folder.removeFile(location.name)
            try? root.removeFolder(location.folder)
            return true
        } catch {
            switch error {
            // A folder that is a link or a file holds no picture of ours.
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels, .fileNameTooLong:
                return false
            default: throw StorageError(errno: error)
            }
        }
    }
}
