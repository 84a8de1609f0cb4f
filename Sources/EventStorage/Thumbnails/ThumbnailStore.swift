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
    public init(directory: String) throws(StorageError) {
        var path = FilePath(directory)
        if path.isRelative { path = FilePath(FileManager.default.currentDirectoryPath).pushing(path) }
        path.lexicallyNormalize()
        do {
            try FileManager.default.createDirectory(
                atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750]
            )
        } catch {
            throw Self.creationError(error, path: path.string)
        }
        self.directory = path.string
        let resolved = URL(fileURLWithPath: path.string).resolvingSymlinksInPath().path
        prefixes = Set([path.string, resolved]).map { $0.hasSuffix("/") ? $0 : $0 + "/" }
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
        for prefix in prefixes + ["/api/v1/thumbnails/", "thumbnails/"] where spelling.hasPrefix(prefix) {
            if let location = ThumbnailLocation(relativePath: String(spelling.dropFirst(prefix.count))) {
                return location
            }
        }
        return ThumbnailLocation(relativePath: spelling)
    }

    func root() throws(Errno) -> FolderHandle { try FolderHandle(FilePath(directory)) }
}
