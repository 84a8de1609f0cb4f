// SPDX-License-Identifier: MIT
import Digests
import Foundation
import SystemPackage

/// What lies at a destination before a download.
enum ExistingFile {
    /// The file that was to be fetched, if it is there already; nil if nothing is there.
    ///
    /// - Throws: `.destinationExists` for other content, which is never overwritten; `.cancelled`.
    /// - Complexity: O(bytes) to hash a file that is there.
    static func check(_ order: DownloadOrder) throws(WeightsFetchError) -> DownloadedFile? {
        let path = order.destination.string
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .destinationExists(path: path) }
        var hash = SHA256()
        var byteCount = 0
        do {
            while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty {
                hash.update(block)
                byteCount += block.count
                if Task.isCancelled { throw WeightsFetchError.cancelled }
            }
        } catch let error as WeightsFetchError {
            throw error
        } catch {
            throw .destinationExists(path: path)
        }
        let found = ContentHash(hash.finalize())
        guard order.acceptedHashes.contains(found) else { throw .destinationExists(path: path) }
        return DownloadedFile(
            path: order.destination, sha256: found, byteCount: byteCount, isTransferred: false)
    }
}
