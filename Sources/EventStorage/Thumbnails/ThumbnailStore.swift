// SPDX-License-Identifier: MIT
internal import Foundation
internal import SystemPackage

/// Pictures of events as files: `<directory>/<YYYY-MM-DD>/<event id>.<extension>`.
///
/// A file appears under its name only when it is whole and on disk. Nothing outside the directory is read, written
/// or deleted, whatever a path from a client or a database says. The calls block; keep them off the cooperative
/// threads.
public final class ThumbnailStore: Sendable {
    static let temporaryPrefix = ".tmp-"

    /// The directory, absolute.
    public let directory: String
    /// Beginnings under which clients may name the directory: as configured, and without links.
    private let prefixes: [String]

    /// Uses `directory`, making it when it does not exist.
    public convenience init(directory: String) throws(StorageError) {
        let path = Self.absolute(directory)
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw Self.creationError(error, path: path)
        }
        try self.init(existing: path)
    }

    /// Uses a directory that exists, perhaps on a medium that cannot be written.
    init(existing directory: String) throws(StorageError) {
        let path = Self.absolute(directory)
        do {
            _ = try FolderHandle(FilePath(path))
        } catch {
            throw .cannotOpen(path: path, reason: error.description)
        }
        self.directory = path
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        prefixes =
            Set([path, resolved]).map { $0.hasSuffix("/") ? $0 : $0 + "/" } + [
                "/api/v1/thumbnails/", "thumbnails/",
            ]
    }

    private static func absolute(_ directory: String) -> String {
        var path = FilePath(directory)
        if path.isRelative { path = FilePath(FileManager.default.currentDirectoryPath).pushing(path) }
        return path.lexicallyNormalized().string
    }

    private static func creationError(_ error: any Error, path: String) -> StorageError {
        let error = error as NSError
        let underlying = (error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error
        guard underlying.domain == NSPOSIXErrorDomain else {
            return .cannotOpen(path: path, reason: "the directory cannot be made")
        }
        return StorageError(errno: Errno(rawValue: Int32(truncatingIfNeeded: underlying.code)))
    }

    /// The file that a client or a database means; nil when it is none in the directory.
    ///
    /// Four spellings are known: `/api/v1/thumbnails/D/F`, `thumbnails/D/F`, `D/F`, and an absolute path in the
    /// directory. Only the text is looked at, no file.
    public func resolve(_ spelling: String) -> ThumbnailLocation? {
        for prefix in prefixes where spelling.hasPrefix(prefix) {
            if let location = ThumbnailLocation(relativePath: String(spelling.dropFirst(prefix.count))) {
                return location
            }
        }
        return ThumbnailLocation(relativePath: spelling)
    }

    func root() throws(Errno) -> FolderHandle { try FolderHandle(FilePath(directory)) }
}
