// SPDX-License-Identifier: MIT
import SystemPackage

#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A new file that appears under its name only when it is complete and on disk.
struct AtomicFile: ~Copyable {
    private let destination: FilePath
    private let temporary: FilePath
    private let descriptor: FileDescriptor
    private var isCommitted = false

    /// Creates an empty temporary file beside `destination`.
    init(replacing destination: FilePath) throws(SafetensorsWriterError) {
        let name = destination.lastComponent?.string ?? ""
        var generator = SystemRandomNumberGenerator()
        let unique = String(generator.next(), radix: 36)
        let temporary = destination.removingLastComponent().appending(".\(name).\(unique).partial")
        let descriptor = try Self.create(temporary)
        self.destination = destination
        self.temporary = temporary
        self.descriptor = descriptor
    }

    private static func create(_ path: FilePath) throws(SafetensorsWriterError) -> FileDescriptor {
        try system {
            try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        }
    }

    deinit {
        try? descriptor.close()
        if !isCommitted { try? Self.remove(temporary) }
    }

    /// Appends `bytes`.
    func write(_ bytes: RawSpan) throws(SafetensorsWriterError) {
        let descriptor = descriptor
        // Safe: the buffer is only read, and only during the call.
        let failure: SafetensorsWriterError? = unsafe bytes.withUnsafeBytes { buffer in
            do {
                try unsafe descriptor.writeAll(buffer)
                return nil
            } catch {
                return .cannotWrite((error as? Errno) ?? .ioError)
            }
        }
        if let failure { throw failure }
    }

    /// Syncs the file, renames it over the destination and syncs the folder.
    mutating func commit() throws(SafetensorsWriterError) {
        try Self.check(fsync(descriptor.rawValue))
        try Self.rename(temporary, to: destination)
        isCommitted = true
        try Self.syncFolder(of: destination)
    }

    private static func syncFolder(of path: FilePath) throws(SafetensorsWriterError) {
        let folder = path.removingLastComponent()
        let descriptor = try system {
            try FileDescriptor.open(folder.isEmpty ? "." : folder, .readOnly, options: [.closeOnExec])
        }
        defer { try? descriptor.close() }
        try check(fsync(descriptor.rawValue))
    }

    private static func rename(_ source: FilePath, to target: FilePath) throws(SafetensorsWriterError) {
        // Safe: both strings live for the call and end in zero.
        let result = unsafe source.withPlatformString { from in
            unsafe target.withPlatformString { to in unsafe renameat(AT_FDCWD, from, AT_FDCWD, to) }
        }
        try check(result)
    }

    private static func remove(_ path: FilePath) throws(SafetensorsWriterError) {
        // Safe: the string lives for the call and ends in zero.
        try check(unsafe path.withPlatformString { unsafe unlink($0) })
    }

    private static func check(_ result: Int32) throws(SafetensorsWriterError) {
        guard result == 0 else { throw .cannotWrite(Errno(rawValue: errno)) }
    }

    private static func system<Result>(
        _ body: () throws -> Result
    ) throws(SafetensorsWriterError) -> Result {
        do {
            return try body()
        } catch {
            throw .cannotWrite((error as? Errno) ?? .ioError)
        }
    }
}
