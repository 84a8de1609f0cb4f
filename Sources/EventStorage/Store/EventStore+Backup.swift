// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB
internal import SystemPackage

#if canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

extension EventStore {
    private static let pagesPerStep: Int32 = 1_024

    /// Copies the database as it is at this moment to the new file `path`; writes go on meanwhile.
    ///
    /// The file appears under its name when it is whole, checked and on disk. It is one file, without a log beside it.
    /// - Parameters:
    ///   - path: Where to; nothing may be there.
    ///   - progress: Told the share that is done, 0…1, again and again, on another thread.
    /// - Throws: `fileExists`, `diskFull`, `readOnly`, or what is wrong with the database.
    public func backup(
        to path: String, progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws(StorageError) {
        let pool = pool
        let result: Result<Void, StorageError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let result = Result { try Self.backUp(pool, to: FilePath(path), progress: progress) }
                continuation.resume(returning: result.mapError { StorageError($0) })
            }
        }
        try result.get()
    }

    private static func backUp(
        _ pool: DatabasePool, to path: FilePath, progress: @escaping @Sendable (Double) -> Void
    ) throws {
        guard !exists(path) else { throw StorageError.fileExists(path: path.string) }
        var generator = SystemRandomNumberGenerator()
        let name = ".\(path.lastComponent?.string ?? "").\(String(generator.next(), radix: 36)).partial"
        let folder = path.removingLastComponent()
        let temporary = folder.appending(name)
        do {
            try copy(pool, to: temporary, progress: progress)
            try sync(temporary)
            guard !exists(path) else { throw StorageError.fileExists(path: path.string) }
            // Safe: the call reads the strings while it runs and keeps none.
            try FolderHandle.check(unsafe rename(temporary.string, path.string))
            try sync(folder.isEmpty ? "." : folder)
        } catch {
            for suffix in ["", "-journal", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: temporary.string + suffix)
            }
            throw error
        }
    }

    private static func copy(
        _ pool: DatabasePool, to path: FilePath, progress: @escaping @Sendable (Double) -> Void
    ) throws {
        let copy: DatabaseQueue
        do {
            copy = try DatabaseQueue(path: path.string)
        } catch {
            throw openingError(error, path: path.string)
        }
        try pool.backup(to: copy, pagesPerStep: pagesPerStep) { step in
            let total = max(1, step.totalPageCount)
            progress(Double(step.completedPageCount) / Double(total))
        }
        try copy.writeWithoutTransaction { database in
            _ = try Row.fetchAll(database, sql: "PRAGMA journal_mode = DELETE")
            let problems = try Row.fetchAll(database, sql: "PRAGMA quick_check(1)").compactMap { $0.text(0) }
            guard problems == ["ok"] else {
                throw StorageError.corrupt(detail: problems.first ?? "the copy cannot be checked")
            }
        }
        try copy.close()
    }

    private static func exists(_ path: FilePath) -> Bool {
        (try? Stat(path, followTargetSymlink: false)) != nil
    }

    /// Waits until a file or folder is on disk.
    private static func sync(_ path: FilePath) throws {
        let descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        defer { try? descriptor.close() }
        try FolderHandle.check(fsync(descriptor.rawValue))
    }
}
