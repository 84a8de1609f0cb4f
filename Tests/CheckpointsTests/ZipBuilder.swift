// SPDX-License-Identifier: MIT

/// Builds small zip archives byte by byte, also wrong ones.
struct ZipBuilder {
    struct Entry {
        var name: [UInt8]
        var data: [UInt8]
        var flags: UInt16 = 0
        var method: UInt16 = 0
        /// Name at the entry itself; the directory's when nil.
        var localName: [UInt8]?
        var declaredByteCount: UInt32?
        var offset: UInt32?
    }

    var entries: [Entry] = []
    var usesZip64 = false
    var declaredEntryCount: UInt16?
    var declaredDirectoryOffset: UInt32?
    var disk: UInt16 = 0
    var comment: [UInt8] = []

    init(_ files: [(String, [UInt8])]) {
        entries = files.map { Entry(name: Array($0.0.utf8), data: $0.1) }
    }

    /// An archive as torch.save writes it.
    static func model(pickle: [UInt8], storages: [[UInt8]] = []) -> [UInt8] {
        let data = storages.enumerated().map { ("m/data/\($0.offset)", $0.element) }
        return ZipBuilder([("m/data.pkl", pickle), ("m/byteorder", Array("little".utf8))] + data).bytes
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = entry.offset ?? UInt32(bytes.count)
            let name = entry.localName ?? entry.name
            bytes += le(0x0403_4B50 as UInt32) + le(20 as UInt16) + le(entry.flags) + le(entry.method)
            bytes += [UInt8](repeating: 0, count: 8) + size(entry) + size(entry)
            bytes += le(UInt16(name.count)) + le(0 as UInt16) + name + entry.data
            directory += directoryEntry(entry, offset)
        }
        let start = declaredDirectoryOffset ?? UInt32(bytes.count)
        let recordOffset = bytes.count + directory.count
        bytes += directory
        if usesZip64 { bytes += zip64Records(start: start, directory.count, at: recordOffset) }
        let count = declaredEntryCount ?? UInt16(entries.count)
        bytes += le(0x0605_4B50 as UInt32) + le(disk) + le(disk)
        bytes += usesZip64 ? le(.max as UInt16) + le(.max as UInt16) : le(count) + le(count)
        bytes += usesZip64 ? le(.max as UInt32) + le(.max as UInt32) : le(UInt32(directory.count)) + le(start)
        return bytes + le(UInt16(comment.count)) + comment
    }

    private func directoryEntry(_ entry: Entry, _ offset: UInt32) -> [UInt8] {
        let byteCount = UInt64(entry.declaredByteCount ?? UInt32(entry.data.count))
        let wide = le(1 as UInt16) + le(24 as UInt16) + le(byteCount) + le(byteCount) + le(UInt64(offset))
        let extra = usesZip64 ? wide : []
        var bytes = le(0x0201_4B50 as UInt32) + le(20 as UInt16) + le(20 as UInt16)
        bytes += le(entry.flags) + le(entry.method) + [UInt8](repeating: 0, count: 8)
        bytes += usesZip64 ? le(.max as UInt32) + le(.max as UInt32) : size(entry) + size(entry)
        bytes += le(UInt16(entry.name.count)) + le(UInt16(extra.count)) + le(0 as UInt16)
        bytes += [UInt8](repeating: 0, count: 8) + (usesZip64 ? le(.max as UInt32) : le(offset))
        return bytes + entry.name + extra
    }

    private func zip64Records(start: UInt32, _ byteCount: Int, at offset: Int) -> [UInt8] {
        let count = UInt64(declaredEntryCount ?? UInt16(entries.count))
        var bytes = le(0x0606_4B50 as UInt32) + le(44 as UInt64) + le(45 as UInt16) + le(45 as UInt16)
        bytes += le(0 as UInt64) + le(count) + le(count) + le(UInt64(byteCount)) + le(UInt64(start))
        return bytes + le(0x0706_4B50 as UInt32) + le(0 as UInt32) + le(UInt64(offset)) + le(1 as UInt32)
    }

    private func size(_ entry: Entry) -> [UInt8] {
        le(entry.declaredByteCount ?? UInt32(entry.data.count))
    }
}

/// The bytes of an integer, little-endian.
func le<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    (0..<Integer.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Integer($0 * 8)) }
}
