// SPDX-License-Identifier: MIT
import Tensors

/// Where the directory of a zip archive lies.
struct ZipDirectoryLocation {
    let entryCount: Int
    let range: Range<Int>

    init(in file: ByteSlice) throws(ZipArchiveError) {
        let endRecord = try Self.endRecord(in: file)
        if let wide = try Self.wideRecord(in: file, before: endRecord) {
            self = wide
            return
        }
        let disks = [4, 6].map { file.littleEndian(at: endRecord + $0, as: UInt16.self) }
        guard disks == [0, 0] else { throw .multipleDisks }
        try self.init(
            count: UInt64(file.littleEndian(at: endRecord + 10, as: UInt16.self)),
            byteCount: UInt64(file.littleEndian(at: endRecord + 12, as: UInt32.self)),
            offset: UInt64(file.littleEndian(at: endRecord + 16, as: UInt32.self)), end: endRecord)
    }

    /// The directory must end exactly at `end`, so that nothing hides between it and the end record.
    private init(count: UInt64, byteCount: UInt64, offset: UInt64, end: Int) throws(ZipArchiveError) {
        let (sum, overflowed) = offset.addingReportingOverflow(byteCount)
        guard !overflowed, sum == UInt64(end), count <= byteCount / 46 else {
            throw .recordDamaged(record: "end record", offset: end)
        }
        entryCount = Int(count)
        range = Int(offset)..<end
    }

    /// Finds the end record: 22 bytes and a comment that reaches exactly to the end of the file.
    private static func endRecord(in file: ByteSlice) throws(ZipArchiveError) -> Int {
        var position = file.count - 22
        while position >= 0, position >= file.count - 22 - 65_535 {
            if file.littleEndian(at: position) == 0x0605_4B50 as UInt32,
                Int(file.littleEndian(at: position + 20, as: UInt16.self)) == file.count - 22 - position
            {
                return position
            }
            position -= 1
        }
        throw .endRecordMissing
    }

    /// The 64-bit record, if its locator stands right before the end record.
    private static func wideRecord(
        in file: ByteSlice, before endRecord: Int
    ) throws(ZipArchiveError) -> ZipDirectoryLocation? {
        let locator = endRecord - 20
        guard locator >= 0, file.littleEndian(at: locator) == 0x0706_4B50 as UInt32 else { return nil }
        let declared: UInt64 = file.littleEndian(at: locator + 8)
        let damaged = ZipArchiveError.recordDamaged(record: "zip64 end record", offset: locator)
        guard let position = Int(exactly: declared), position <= locator - 56,
            file.littleEndian(at: position) == 0x0606_4B50 as UInt32
        else { throw damaged }
        let disks = [16, 20].map { file.littleEndian(at: position + $0, as: UInt32.self) }
        guard disks == [0, 0] else { throw .multipleDisks }
        return try ZipDirectoryLocation(
            count: file.littleEndian(at: position + 32), byteCount: file.littleEndian(at: position + 40),
            offset: file.littleEndian(at: position + 48), end: position)
    }
}
