// SPDX-License-Identifier: MIT
internal import SystemPackage

#if canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// An open folder.
///
/// What is named relative to it is in it, whatever happens to the path that led here.
///
/// Names are single components; links are never followed.
struct FolderHandle: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens the folder at `path`; links on the way are followed, it is the owner's choice where the data lie.
    init(_ path: FilePath) throws(Errno) {
        descriptor = try Self.system {
            try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
        }
    }

    private init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit {
        try? descriptor.close()
    }

    /// Opens the folder `name` in this one.
    func folder(_ name: String) throws(Errno) -> FolderHandle {
        try FolderHandle(open(name, O_RDONLY | O_DIRECTORY))
    }

    /// Opens the file `name` for reading.
    ///
    /// Opening a pipe or device does not wait for its other end.
    func fileForReading(_ name: String) throws(Errno) -> FileDescriptor {
        try open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }

    /// Makes the file `name` and opens it for writing; nothing may have that name.
    func newFile(_ name: String) throws(Errno) -> FileDescriptor {
        try open(name, O_WRONLY | O_CREAT | O_EXCL, permissions: 0o640)
    }

    /// Makes the folder `name`; returns false when something has that name.
    func makeFolder(_ name: String) throws(Errno) -> Bool {
        // Safe here and below: the call reads the strings while it runs and keeps none.
        if unsafe mkdirat(descriptor.rawValue, name, 0o750) == 0 { return true }
        let error = Errno(rawValue: errno)
        guard error == .fileExists else { throw error }
        return false
    }

    /// Gives the file `name` the name `target`, which it takes from another file.
    func rename(_ name: String, to target: String) throws(Errno) {
        try Self.check(unsafe renameat(descriptor.rawValue, name, descriptor.rawValue, target))
    }

    /// Gives the file `name` a second name, which must be free.
    func link(_ name: String, to target: String) throws(Errno) {
        try Self.check(unsafe linkat(descriptor.rawValue, name, descriptor.rawValue, target, 0))
    }

    /// Removes the file `name`.
    func removeFile(_ name: String) throws(Errno) {
        try Self.check(unsafe unlinkat(descriptor.rawValue, name, 0))
    }

    /// Removes the folder `name`, which must be empty.
    func removeFolder(_ name: String) throws(Errno) {
        try Self.check(unsafe unlinkat(descriptor.rawValue, name, AT_REMOVEDIR))
    }

    /// What `name` is, a link itself rather than its target.
    func status(_ name: String) throws(Errno) -> Stat {
        try Stat(FilePath(name), relativeTo: descriptor, flags: .symlinkNoFollow)
    }

    /// Waits until the names in this folder are on disk.
    func sync() throws(Errno) {
        try Self.check(fsync(descriptor.rawValue))
    }

    private func open(_ name: String, _ flags: Int32, permissions: mode_t = 0) throws(Errno) -> FileDescriptor
    {
        let result = unsafe openat(descriptor.rawValue, name, flags | O_NOFOLLOW | O_CLOEXEC, permissions)
        try Self.check(min(result, 0))
        return FileDescriptor(rawValue: result)
    }

    static func check(_ result: Int32) throws(Errno) {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Narrows the errors of the system library to what they are.
    static func system<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
        do {
            return try body()
        } catch {
            throw (error as? Errno) ?? .ioError
        }
    }
}
