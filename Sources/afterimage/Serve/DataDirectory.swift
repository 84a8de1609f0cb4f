// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import SystemPackage

/// The places inside a data directory.
struct DataDirectory {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    var database: String { "\(path)/afterimage.sqlite" }
    var thumbnails: String { "\(path)/thumbnails" }

    /// Makes the directory when it is missing, for its owner alone.
    func create() throws(DataDirectoryError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw .cannotCreate(path)
        }
    }

    /// Keeps a second server out of this directory, for as long as this process lives.
    func lock() throws(DataDirectoryError) -> DirectoryLock {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath("\(path)/.lock"), .readWrite, options: .create, permissions: [.ownerReadWrite])
        } catch {
            throw .cannotCreate(path)
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? descriptor.close()
            throw .inUse(path)
        }
        return DirectoryLock(descriptor: descriptor)
    }

    /// Where weights are looked for: the option or variable, this directory, the working directory.
    ///
    /// When there are none, the place in this directory, so that weights which come later are found there.
    func weights(option: String?) -> String {
        if let option { return option }
        let own = "\(path)/weights/\(WeightsLocation.fileName)"
        let working = "weights/\(WeightsLocation.fileName)"
        return !FileManager.default.fileExists(atPath: own) && FileManager.default.fileExists(atPath: working)
            ? working : own
    }

    /// The stand-in weights of this directory, made when they are missing.
    func standInWeights(onMaking: () -> Void) throws(DataDirectoryError) -> String {
        let file = "\(path)/weights/stand-in-vit-b-32.safetensors"
        if FileManager.default.fileExists(atPath: file) { return file }
        onMaking()
        do {
            try FileManager.default.createDirectory(
                atPath: "\(path)/weights", withIntermediateDirectories: true)
            try StandInWeights(seed: 1, profile: .plain).write(to: FilePath(file))
        } catch {
            throw .cannotCreate("\(path)/weights")
        }
        return file
    }
}

/// A lock on a data directory that ends with the process.
struct DirectoryLock {
    fileprivate let descriptor: FileDescriptor

    func unlock() {
        try? descriptor.close()
    }
}

/// Why a data directory cannot be used.
enum DataDirectoryError: Error, Equatable, CustomStringConvertible {
    case cannotCreate(String)
    case inUse(String)

    var code: String {
        switch self {
        case .cannotCreate: "data_directory_unusable"
        case .inUse: "data_directory_in_use"
        }
    }

    var description: String {
        switch self {
        case .cannotCreate(let path):
            "The data directory '\(path)' cannot be made or written; check its owner and the free space."
        case .inUse(let path):
            "Another server uses the data directory '\(path)'; stop it, or choose another --data-dir."
        }
    }
}
