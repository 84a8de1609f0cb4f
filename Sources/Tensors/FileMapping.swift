// SPDX-License-Identifier: MIT
package import SystemPackage

#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A whole file mapped read-only into memory; unmapped at the end of its life.
///
/// Pages are shared with the page cache and are read when first touched.
///
/// - Important: Replace a mapped file by renaming a new one over it. Truncating it in place turns
///   later reads into faults.
@safe
package struct FileMapping: ~Copyable {
    let base: UnsafeRawPointer?
    package let count: Int

    /// Maps the file at `path`; an empty file gives an empty mapping.
    ///
    /// - Throws: ``FileMappingError``; a directory, device or pipe is refused without reading from it.
    package init(opening path: FilePath) throws(FileMappingError) {
        let region = unsafe try Self.map(path)
        unsafe base = region.baseAddress
        count = region.count
    }

    deinit {
        // Safe: base and count are exactly what mmap was given and returned.
        if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
    }

    private static func map(_ path: FilePath) throws(FileMappingError) -> UnsafeRawBufferPointer {
        let descriptor: FileDescriptor
        do {
            // Without nonBlocking, opening a pipe would wait for a writer.
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw .cannotOpen((error as? Errno) ?? .ioError)
        }
        defer { try? descriptor.close() }
        let count = try regularFileByteCount(descriptor)
        guard count > 0 else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        // Safe: a new read-only mapping of an open file; failure is checked before use.
        let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor.rawValue, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw .cannotOpen(Errno(rawValue: errno))
        }
        return unsafe UnsafeRawBufferPointer(start: address, count: count)
    }

    private static func regularFileByteCount(_ descriptor: FileDescriptor) throws(FileMappingError) -> Int {
        var status = stat()
        // Safe: status lives for the whole call.
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
            throw .cannotOpen(Errno(rawValue: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
        return Int(status.st_size)
    }

    /// Gives the pages of `range` and up to 2 MiB around it back to the system; later reads fetch them again.
    func discardPages(_ range: Range<Int>) {
        guard let base = unsafe base else { return }
        // Linux maps more than the page that is read: 64 KiB around it, and in 6.18 the whole folio of the page cache that
        // holds it, which may be this large. So this much has to go again.
        let window = 2 << 20
        let first = range.lowerBound / window * window
        let end = min((range.upperBound + window - 1) / window * window, count)
        guard first < end else { return }
        // Safe: [first, end) lies inside the mapping, which is never written, so its pages can be read again, also by
        // a thread that is reading them now.
        unsafe _ = madvise(UnsafeMutableRawPointer(mutating: base + first), end - first, MADV_DONTNEED)
    }
}

// What is shared is a read-only mapping: no code can write through it, and it is unmapped only by the
// deinit, when no reference is left. Handing out a mutable pointer would break this.
extension FileMapping: @unchecked Sendable {}
