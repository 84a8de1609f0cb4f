// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import SystemPackage
internal import Tensors

/// The file beside the database that spares reading the table again.
///
/// Layout, little-endian: magic, version of the format, CRC-32C of the directory, where that begins and its length; for
/// each chunk its columns and codes, which have a CRC-32C of their own, and its floats, which have one a row; the
/// directory in JSON. The file is replaced as a whole by renaming. Anything that does not fit makes it no cache, never an error: the table is the
/// truth.
struct IndexCacheFile: Sendable {
    let path: String

    private static let magic = [UInt8]("AFTRIDX1".utf8)
    private static let format: UInt32 = 2
    private static let prefixLength = 32
    private static let alignment = 64

    /// What the directory says.
    private struct Directory: Codable {
        var position: Int64
        var mark: Int64
        var cameras: [String]
        var malformed: [Int64]
        var chunks: [Chunk]
    }

    private struct Chunk: Codable {
        var version: String
        var dimension: Int
        var rows: Int
        /// Where its bytes begin in the file.
        var offset: Int
        /// Of columns, centre, traits and codes.
        var checksum: UInt32

        var columnsLength: Int { rows * (8 + 8 + 4 + 1) }
        var centreLength: Int { 4 * dimension }
        var traitsLength: Int { rows * VectorBlock.traitsLength }
        var codesLength: Int { rows * VectorBlock.codesLength(dimension: dimension) }
        var checkedLength: Int { columnsLength + centreLength + traitsLength + codesLength }
        /// Where its floats begin.
        var floatsOffset: Int { IndexCacheFile.aligned(offset + checkedLength) }
        var end: Int { floatsOffset + 4 * rows * dimension }
    }

    private static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

    // MARK: - Writing

    /// Why a cache could not be written.
    struct WriteError: Error, CustomStringConvertible {
        let description: String
        /// Whether what was to be written is damaged.
        var isDamage = false
    }

    /// Writes what `state` knows, durably, in place of an earlier file.
    ///
    /// - Complexity: About 2.6 KB a vector of 512 numbers.
    func write(_ state: IndexState) throws(WriteError) {
        let temporary = path + ".new"
        do {
            let file = try FileDescriptor.open(
                FilePath(temporary), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead])
            do {
                try file.closeAfter { try Self.write(state, to: file) }
                try rename(temporary)
            } catch {
                unsafe unlink(temporary)
                throw error
            }
        } catch let error as WriteError {
            throw error
        } catch {
            throw WriteError(description: "\(path): \(error)")
        }
    }

    private static func write(_ state: IndexState, to file: FileDescriptor) throws {
        var directory = Directory(
            position: state.position.number, mark: state.position.mark, cameras: state.cameras.names,
            malformed: state.malformed.sorted(), chunks: [])
        var offset = aligned(prefixLength)
        try file.writeAll(padding(0, to: offset))
        for space in state.spaces {
            for chunk in space.chunks where chunk.liveCount > 0 {
                let (bytes, floats) = try storedBytes(chunk)
                let entry = Chunk(
                    version: space.version, dimension: space.dimension, rows: chunk.liveCount, offset: offset,
                    checksum: Checksum.crc32c(bytes))
                try file.writeAll(bytes + padding(entry.offset + bytes.count, to: entry.floatsOffset))
                try file.writeAll(floats + padding(entry.end, to: aligned(entry.end)))
                directory.chunks.append(entry)
                offset = aligned(entry.end)
            }
        }
        let text = [UInt8](try JSONEncoder().encode(directory))
        try file.writeAll(text)
        let prefix =
            magic + littleEndian(format) + littleEndian(Checksum.crc32c(text)) + littleEndian(UInt64(offset))
            + littleEndian(UInt64(text.count))
        // Last, so that a file cut short has none.
        try file.writeAll(toAbsoluteOffset: 0, prefix)
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Columns, centre, traits and codes of the rows that take part, and their floats.
    private static func storedBytes(_ chunk: IndexChunk) throws -> (bytes: [UInt8], floats: [UInt8]) {
        let rows = (0..<chunk.count).filter { chunk.isLive[$0] }
        guard let stored = chunk.block.stored(rows: rows) else {
            throw WriteError(
                description: "a vector is damaged in memory mapped from the old cache", isDamage: true)
        }
        var bytes: [UInt8] = []
        for row in rows { bytes += littleEndian(UInt64(bitPattern: chunk.sequences[row])) }
        for row in rows { bytes += littleEndian(UInt64(bitPattern: chunk.timestamps[row])) }
        for row in rows { bytes += littleEndian(UInt32(bitPattern: chunk.cameras[row])) }
        for row in rows { bytes.append(chunk.objects[row]) }
        for value in chunk.block.centre { bytes += littleEndian(value.bitPattern) }
        return (bytes + stored.traits + stored.codes, stored.floats)
    }

    private static func padding(_ from: Int, to end: Int) -> [UInt8] {
        Array(repeating: 0, count: end - from)
    }

    private static func littleEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        (0..<Integer.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private func rename(_ temporary: String) throws {
        guard unsafe Foundation.rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
        let folder = try FileDescriptor.open(FilePath(path).removingLastComponent(), .readOnly)
        try folder.closeAfter {
            guard fsync(folder.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    // MARK: - Reading

    /// The state that the file keeps; nil when there is no file, or it is no cache of this format, or damaged.
    func read() throws(VectorMemoryError) -> IndexState? {
        guard let file = try? ByteSlice(mapping: FilePath(path)), let (directory, body) = Self.parts(of: file)
        else {
            return nil
        }
        // No log has negative positions, and nothing is known at the start of one.
        guard directory.position > 0 || directory.position == 0 && directory.chunks.isEmpty else {
            return nil
        }
        var state = IndexState()
        state.restore(cameraNames: directory.cameras, malformed: directory.malformed)
        state.position = ChangePosition(number: directory.position, mark: directory.mark)
        for entry in directory.chunks {
            guard let chunk = try Self.chunk(entry, cameraCount: directory.cameras.count, in: body) else {
                return nil
            }
            guard try state.restore(chunk, version: entry.version) else { return nil }
        }
        return state
    }

    /// The directory, and what stands before it.
    private static func parts(of file: ByteSlice) -> (Directory, body: ByteSlice)? {
        guard file.count >= prefixLength, [UInt8](file[0..<8]) == magic,
            file.littleEndian(at: 8, as: UInt32.self) == format,
            let offset = Int(exactly: file.littleEndian(at: 16, as: UInt64.self)),
            let length = Int(exactly: file.littleEndian(at: 24, as: UInt64.self)),
            offset >= prefixLength, offset <= file.count, length == file.count - offset
        else { return nil }
        let text = file[offset..<file.count]
        guard Checksum.crc32c(text) == file.littleEndian(at: 12, as: UInt32.self),
            let directory = try? JSONDecoder().decode(Directory.self, from: Data([UInt8](text)))
        else { return nil }
        return (directory, file[0..<offset])
    }

    private static func chunk(
        _ entry: Chunk, cameraCount: Int, in body: ByteSlice
    ) throws(VectorMemoryError) -> IndexChunk? {
        // The directory's checksum vouches for sane numbers; the bounds keep a forged one from reading outside.
        guard (1...VectorBlock.rowCapacity).contains(entry.rows), (1...65_536).contains(entry.dimension),
            entry.offset >= 0, entry.offset < body.count, entry.end <= body.count
        else { return nil }
        var rest = body[entry.offset..<entry.offset + entry.checkedLength]
        guard Checksum.crc32c(rest) == entry.checksum else { return nil }
        func next(_ length: Int) -> ByteSlice {
            let part = rest[0..<length]
            rest = rest[length..<rest.count]
            return part
        }
        let columns = next(entry.columnsLength)
        let centre = next(entry.centreLength)
        let block = try VectorBlock(
            dimension: entry.dimension,
            centre: (0..<entry.dimension).map {
                Float(bitPattern: centre.littleEndian(at: 4 * $0, as: UInt32.self))
            },
            rows: entry.rows, traits: next(entry.traitsLength), codes: next(entry.codesLength),
            floats: body[entry.floatsOffset..<entry.end])
        var chunk = IndexChunk(block)
        for row in 0..<entry.rows {
            let camera = Int32(
                bitPattern: columns.littleEndian(at: 16 * entry.rows + 4 * row, as: UInt32.self))
            guard (0..<cameraCount).contains(Int(camera)) else { return nil }
            chunk.append(
                sequence: Int64(bitPattern: columns.littleEndian(at: 8 * row, as: UInt64.self)),
                timestamp: Int64(
                    bitPattern: columns.littleEndian(at: 8 * (entry.rows + row), as: UInt64.self)),
                camera: camera, objects: columns[20 * entry.rows + row])
        }
        return chunk
    }
}
