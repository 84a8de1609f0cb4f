// SPDX-License-Identifier: MIT
internal import Foundation

/// A copy of a database and its log in the folder for temporary files, gone with this value.
final class TemporaryCopy: Sendable {
    private let folder: URL
    /// The copied database.
    let path: String

    /// Copies the database; nil when that fails.
    init?(of source: String) {
        let manager = FileManager.default
        folder = manager.temporaryDirectory.appendingPathComponent("afterimage-import-\(UUID().uuidString)")
        path = folder.appendingPathComponent("source.sqlite").path
        do {
            try manager.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for suffix in ["", "-wal"] where manager.fileExists(atPath: source + suffix) {
                try manager.copyItem(atPath: source + suffix, toPath: path + suffix)
                try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + suffix)
            }
        } catch {
            try? manager.removeItem(at: folder)
            return nil
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}
