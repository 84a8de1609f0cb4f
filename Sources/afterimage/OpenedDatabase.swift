// SPDX-License-Identifier: MIT
import ArgumentParser
import EventStorage
import Foundation

/// A database that exists, and the thumbnails beside it.
struct OpenedDatabase {
    let store: EventStore
    let thumbnails: ThumbnailStore

    /// - Throws: The reason on standard error and exit code 1, also when there is no such file.
    init(_ path: String, thumbnails directory: String? = nil) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StandardError.failure("database_missing", "There is no database '\(path)'; check the path.")
        }
        let folder = directory ?? URL(fileURLWithPath: path).deletingLastPathComponent().path + "/thumbnails"
        do throws(StorageError) {
            store = try EventStore(path: path)
            thumbnails = try ThumbnailStore(directory: folder)
        } catch {
            throw StandardError.failure(error.code, error.description)
        }
    }
}
