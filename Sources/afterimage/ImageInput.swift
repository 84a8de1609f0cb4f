// SPDX-License-Identifier: MIT
import Foundation
import Imaging

/// A picture named on the command line.
struct ImageInput {
    let source: String
    private let limits: ImageLimits

    init(_ source: String, limits: ImageLimits = ImageLimits()) {
        self.source = source
        self.limits = limits
    }

    /// The bytes, at most one more than the limit, so that the decoder can say what is wrong with a larger file.
    func read() throws(InputError) -> [UInt8] {
        if source == "-" { return try contents(of: .standardInput) }
        var isDirectory: ObjCBool = false
        // Safe: the call writes one boolean and keeps no pointer.
        guard unsafe FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory) else {
            throw .notFound(source)
        }
        guard !isDirectory.boolValue else { throw .isDirectory(source) }
        guard let handle = FileHandle(forReadingAtPath: source) else { throw .unreadable(source) }
        defer { try? handle.close() }
        return try contents(of: handle)
    }

    private func contents(of handle: FileHandle) throws(InputError) -> [UInt8] {
        do {
            var bytes: [UInt8] = []
            while bytes.count <= limits.maximumByteCount, let piece = try handle.read(upToCount: 1 << 20),
                !piece.isEmpty
            {
                bytes += piece
            }
            return Array(bytes.prefix(limits.maximumByteCount + 1))
        } catch {
            throw .unreadable(source)
        }
    }
}

/// Why a file named on the command line gives no bytes.
enum InputError: Error, Equatable, CustomStringConvertible {
    case notFound(String)
    case isDirectory(String)
    case unreadable(String)

    var code: String {
        switch self {
        case .notFound: "file_not_found"
        case .isDirectory: "is_directory"
        case .unreadable: "file_not_readable"
        }
    }

    var description: String {
        switch self {
        case .notFound(let path): "There is no file '\(path)'; check the path."
        case .isDirectory(let path): "'\(path)' is a directory, expected an image file; name the files in it."
        case .unreadable(let path): "'\(path)' cannot be read; check its permissions."
        }
    }
}
