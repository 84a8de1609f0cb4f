// SPDX-License-Identifier: MIT
internal import Foundation
internal import SystemPackage

extension ThumbnailStore {
    private static let sweepBatch = 500
    private static let extensions: Set<String> = ["jpg", "png", "webp", "gif", "bin"]

    /// Deletes what writes that were cut off left behind; returns how many files.
    ///
    /// For the time before the first write: it cannot tell a write that is under way from one that was cut off.
    @discardableResult
    public func removeTemporaryFiles() throws(StorageError) -> Int {
        var count = 0
        for folder in try folders() {
            for name in names(in: folder) where name.hasPrefix(Self.temporaryPrefix) {
                if (try? root().folder(folder).removeFile(name)) != nil { count += 1 }
            }
            removeIfEmpty(folder)
        }
        return count
    }

    /// Deletes pictures that no event refers to, and folders that are empty; returns how many pictures.
    ///
    /// - Parameters:
    ///   - age: Files changed less than this ago are left alone: their event may be about to be stored.
    ///   - isReferenced: Which of some files, as `date/name`, events refer to.
    /// - Returns: The number of pictures deleted.
    /// - Throws: ``StorageError``, or what `isReferenced` throws; pictures deleted before stay deleted.
    public func removeOrphans(
        olderThan age: Duration, isReferenced: ([String]) async throws -> Set<String>
    ) async throws -> Int {
        let latest = Timestamp.now().adding(seconds: -Int(age.components.seconds))
        var count = 0
        for folder in try await onThread({ try self.folders() }) {
            let candidates = await onThread { self.oldPictures(in: folder, changedBefore: latest) }
            for start in stride(from: 0, to: candidates.count, by: Self.sweepBatch) {
                let batch = Array(candidates[start..<min(start + Self.sweepBatch, candidates.count)])
                let kept = try await isReferenced(batch.map(\.relativePath))
                let orphans = batch.filter { !kept.contains($0.relativePath) }
                count += try await onThread { try orphans.reduce(0) { try $0 + (self.delete($1) ? 1 : 0) } }
            }
            await onThread { self.removeIfEmpty(folder) }
        }
        return count
    }

    private func folders() throws(StorageError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).sorted().filter(isFolder)
        } catch {
            throw .cannotOpen(path: directory, reason: "its contents cannot be listed")
        }
    }

    private func isFolder(_ name: String) -> Bool { (try? root().status(name))?.type == .directory }

    private func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(folder)")) ?? []
    }

    private func oldPictures(in folder: String, changedBefore latest: Timestamp) -> [ThumbnailLocation] {
        guard let handle = try? root().folder(folder) else { return [] }
        var found: [ThumbnailLocation] = []
        for name in names(in: folder).sorted() where Self.isPicture(name) {
            guard let location = ThumbnailLocation(relativePath: "\(folder)/\(name)"),
                let status = try? handle.status(name), status.type == .regular,
                Int64(status.st_mtim.tv_sec) < latest.microseconds / Timestamp.microsecondsPerSecond
            else { continue }
            found.append(location)
        }
        return found
    }

    /// Whether a name is one that pictures of events get: files that somebody else put there are left alone.
    private static func isPicture(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && extensions.contains(String(parts[1])) && parts[0].utf8.count == 36
            && UUID(uuidString: String(parts[0])) != nil
    }

    /// Removing a folder fails when something is in it, which is what is wanted.
    private func removeIfEmpty(_ folder: String) {
        try? root().removeFolder(folder)
    }

    /// Runs `body`, which blocks, on a thread that may block.
    private func onThread<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Result { () throws(Failure) in try body() })
            }
        }
        return try result.get()
    }
}
