// SPDX-License-Identifier: MIT
internal import Foundation
internal import SystemPackage

extension ThumbnailStore {
    /// The bytes of a picture.
    ///
    /// Links are not followed; a pipe or device is refused without waiting for it.
    /// - Parameters:
    ///   - location: Which picture.
    ///   - limit: Most bytes it may have.
    /// - Returns: The bytes as they were written.
    /// - Throws: ``ThumbnailError``.
    public func read(_ location: ThumbnailLocation, limit: Int) throws(ThumbnailError) -> [UInt8] {
        let file: FileDescriptor
        let status: Stat
        do {
            file = try root().folder(location.folder).fileForReading(location.name)
        } catch {
            throw Self.readingError(error)
        }
        // Closes the descriptor when it goes.
        let handle = FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: true)
        do {
            status = try Stat(file)
        } catch {
            throw Self.readingError(error)
        }
        guard status.type == .regular else { throw .notAFile }
        guard status.size <= limit else { throw .tooLarge(byteCount: Int(status.size), limit: limit) }
        return try Self.bytes(of: handle, limit: limit)
    }

    /// Reads to the end; the file may grow meanwhile.
    private static func bytes(of handle: FileHandle, limit: Int) throws(ThumbnailError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while bytes.count <= limit, let more = try handle.read(upToCount: limit - bytes.count + 1),
                !more.isEmpty
            {
                bytes += more
            }
        } catch {
            throw .unreadable(reason: "input/output error")
        }
        guard bytes.count <= limit else { throw .tooLarge(byteCount: bytes.count, limit: limit) }
        return bytes
    }

    private static func readingError(_ error: Errno) -> ThumbnailError {
        switch error {
        case .noSuchFileOrDirectory, .fileNameTooLong: .missing
        // A link where none is followed, a file where a folder should be, a socket, a device without driver.
        case .tooManySymbolicLinkLevels, .notDirectory, .noSuchAddressOrDevice, .isDirectory: .notAFile
        default: .unreadable(reason: error.description)
        }
    }
}
