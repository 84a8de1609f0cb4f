// SPDX-License-Identifier: MIT
import Digests
import Foundation
import Glibc
import NIOFoundationCompat
import SystemPackage

import struct NIOCore.ByteBuffer

/// The growing file of an unfinished download, locked for this process, with the hash of what it holds.
///
/// Survives broken transfers and killed processes: the next opening reads the bytes that are there, so the hash
/// always covers exactly the content on disk.
struct PartialFile: ~Copyable {
    private let path: FilePath
    private let descriptor: FileDescriptor
    private var hash = SHA256()

    /// Bytes that are on disk and in the hash.
    private(set) var byteCount = 0

    /// Creates or opens the file and locks it.
    ///
    /// - Throws: `.alreadyRunning` while another process, or another download of this one, holds it.
    init(locking path: FilePath) throws(WeightsFetchError) {
        self.path = path
        descriptor = try Self.openLocked(path)
    }

    deinit {
        // Closing also gives the lock back. Nothing can be done about a failure here.
        try? descriptor.close()
    }

    /// Takes over what an earlier run left.
    ///
    /// - Throws: `.cancelled` between two blocks; `.fileFailure`.
    /// - Complexity: O(bytes), one mebibyte of memory.
    mutating func loadExisting() throws(WeightsFetchError) {
        let handle = FileHandle(fileDescriptor: descriptor.rawValue, closeOnDealloc: false)
        do {
            try descriptor.seek(offset: 0, from: .start)
            while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty {
                hash.update(block)
                byteCount += block.count
                if Task.isCancelled { throw WeightsFetchError.cancelled }
            }
        } catch {
            throw WeightsFetchError(error, at: path)
        }
    }

    /// Forgets all content.
    mutating func restart() throws(WeightsFetchError) {
        do {
            // A device has no length to cut.
            if try descriptor.seek(offset: 0, from: .end) > 0 { try descriptor.resize(to: 0) }
            try descriptor.seek(offset: 0, from: .start)
        } catch {
            throw WeightsFetchError(error, at: path)
        }
        hash = SHA256()
        byteCount = 0
    }

    /// Writes `chunk` at the end.
    ///
    /// After an error the content on disk may be longer than ``byteCount``; the next opening reads what is there.
    mutating func append(_ chunk: ByteBuffer) throws(WeightsFetchError) {
        do {
            try descriptor.writeAll(chunk.readableBytesView)
        } catch {
            throw WeightsFetchError(error, at: path)
        }
        hash.update(chunk.readableBytesView)
        byteCount += chunk.readableBytes
    }

    /// Checksum of the content so far.
    var contentHash: ContentHash { ContentHash(hash.finalize()) }

    /// Makes the content durable under its final name.
    func finish(as destination: FilePath) throws(WeightsFetchError) {
        guard fsync(descriptor.rawValue) == 0 else {
            throw WeightsFetchError(Errno(rawValue: errno), at: path)
        }
        // Both strings live through the call, which keeps neither.
        guard unsafe rename(path.string, destination.string) == 0 else {
            throw WeightsFetchError(Errno(rawValue: errno), at: destination)
        }
        do {
            let folder = try FileDescriptor.open(destination.folder, .readOnly, options: .directory)
            _ = fsync(folder.rawValue)
            try folder.close()
        } catch {
            throw WeightsFetchError(error, at: destination)
        }
    }

    /// Removes the file.
    func discard() {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    private static func openLocked(_ path: FilePath) throws(WeightsFetchError) -> FileDescriptor {
        do {
            while true {
                let descriptor = try FileDescriptor.open(
                    path, .readWrite, options: [.create, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
                guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                    try descriptor.close()
                    throw WeightsFetchError.alreadyRunning(path: path.string)
                }
                // The holder before may have renamed the file between our opening and our lock.
                if let named = try? path.stat(), try descriptor.stat().inode == named.inode {
                    return descriptor
                }
                try descriptor.close()
            }
        } catch {
            throw WeightsFetchError(error, at: path)
        }
    }
}
