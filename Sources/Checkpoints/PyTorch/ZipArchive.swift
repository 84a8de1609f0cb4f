// SPDX-License-Identifier: MIT
import Tensors

/// The entries of a zip archive, all positions checked before the first byte is handed out.
///
/// PyTorch stores without compression, so that an entry is a slice of the file; others are refused
/// when asked for. Checksums are not compared, because PyTorch can be told to leave them out.
///
/// Format: APPNOTE.TXT 6.3.10, sections 4.3 (records) and 4.5.3 (zip64).
struct ZipArchive: Sendable {
    private struct Entry: Sendable {
        let name: String
        let flags: UInt16
        let method: UInt16
        let storedByteCount: Int
        let byteCount: Int
        let headerOffset: Int
        var dataStart = 0
    }

    /// Names in the order of the directory.
    let names: [String]
    private let file: ByteSlice
    private let entries: [String: Entry]

    /// Reads and checks the directory.
    ///
    /// - Complexity: O(n log n) for n entries; touches the directory and the head of each entry.
    init(_ file: ByteSlice) throws(ZipArchiveError) {
        let directory = try ZipDirectoryLocation(in: file)
        var list = try Self.readDirectory(file, directory)
        try Self.locateData(of: &list, in: file, before: directory.range.lowerBound)
        var entries: [String: Entry] = [:]
        for entry in list where entries.updateValue(entry, forKey: entry.name) != nil {
            throw .duplicateName(entry.name)
        }
        names = list.map(\.name)
        self.file = file
        self.entries = entries
    }

    func contains(_ name: String) -> Bool {
        entries[name] != nil
    }

    /// The bytes of the entry called `name`, as a view of the file.
    func contents(of name: String) throws(ZipArchiveError) -> ByteSlice {
        guard let entry = entries[name] else { throw .entryMissing(name: name) }
        // Bits 0, 6 and 13: encrypted, strongly encrypted, directory encrypted.
        guard entry.flags & 0x2041 == 0 else { throw .encrypted(name: name) }
        guard entry.method == 0 else { throw .compressed(name: name, method: Int(entry.method)) }
        guard entry.storedByteCount == entry.byteCount else { throw .entryMismatch(name: name) }
        return file[entry.dataStart..<entry.dataStart + entry.byteCount]
    }

    private static func readDirectory(
        _ file: ByteSlice, _ directory: ZipDirectoryLocation
    ) throws(ZipArchiveError) -> [Entry] {
        var entries: [Entry] = []
        var position = directory.range.lowerBound
        let end = directory.range.upperBound
        for index in 0..<directory.entryCount {
            let damaged = ZipArchiveError.recordDamaged(record: "directory entry", offset: position)
            guard end - position >= 46, file.littleEndian(at: position) == 0x0201_4B50 as UInt32 else {
                throw damaged
            }
            let nameLength = Int(file.littleEndian(at: position + 28, as: UInt16.self))
            let extraLength = Int(file.littleEndian(at: position + 30, as: UInt16.self))
            let commentLength = Int(file.littleEndian(at: position + 32, as: UInt16.self))
            let next = position + 46 + nameLength + extraLength + commentLength
            guard next <= end else { throw damaged }
            let nameBytes = [UInt8](file[position + 46..<position + 46 + nameLength])
            guard let name = String(validating: nameBytes, as: UTF8.self) else {
                throw .nameNotUTF8(entry: index)
            }
            let extraStart = position + 46 + nameLength
            let sizes = try ZipEntrySizes(file, at: position, extra: extraStart..<extraStart + extraLength)
            entries.append(
                Entry(
                    name: name, flags: file.littleEndian(at: position + 8),
                    method: file.littleEndian(at: position + 10), storedByteCount: sizes.storedByteCount,
                    byteCount: sizes.byteCount, headerOffset: sizes.headerOffset))
            position = next
        }
        guard position == end else { throw .recordDamaged(record: "directory", offset: position) }
        return entries
    }

    /// Reads the head of each entry and checks that no two entries share a byte.
    private static func locateData(
        of entries: inout [Entry], in file: ByteSlice, before limit: Int
    ) throws(ZipArchiveError) {
        var end = 0
        for index in entries.indices.sorted(by: { entries[$0].headerOffset < entries[$1].headerOffset }) {
            let entry = entries[index]
            let offset = entry.headerOffset
            guard offset >= end else { throw .overlap(name: entry.name) }
            guard limit - offset >= 30, file.littleEndian(at: offset) == 0x0403_4B50 as UInt32 else {
                throw .recordDamaged(record: "entry \(entry.name)", offset: offset)
            }
            let nameLength = Int(file.littleEndian(at: offset + 26, as: UInt16.self))
            let extraLength = Int(file.littleEndian(at: offset + 28, as: UInt16.self))
            let dataStart = offset + 30 + nameLength + extraLength
            guard dataStart <= limit, entry.storedByteCount <= limit - dataStart else {
                throw .overlap(name: entry.name)
            }
            guard [UInt8](file[offset + 30..<offset + 30 + nameLength]) == Array(entry.name.utf8) else {
                throw .entryMismatch(name: entry.name)
            }
            entries[index].dataStart = dataStart
            end = dataStart + entry.storedByteCount
        }
    }
}
