// SPDX-License-Identifier: MIT
import Tensors

/// The sizes and the position of one directory entry, from its 32-bit fields or its zip64 extra field.
struct ZipEntrySizes {
    let storedByteCount: Int
    let byteCount: Int
    let headerOffset: Int

    /// - Parameters:
    ///   - position: Start of the directory entry; its 46 bytes are inside `file`.
    ///   - extra: Its extra fields, inside `file`.
    init(_ file: ByteSlice, at position: Int, extra: Range<Int>) throws(ZipArchiveError) {
        var wide = Self.wideField(file, extra)
        // The extra field holds, in this order, only those values that are all ones here.
        let damaged = ZipArchiveError.recordDamaged(record: "directory entry", offset: position)
        byteCount = try Self.value(file, at: position + 24, &wide, damaged)
        storedByteCount = try Self.value(file, at: position + 20, &wide, damaged)
        headerOffset = try Self.value(file, at: position + 42, &wide, damaged)
    }

    private static func value(
        _ file: ByteSlice, at position: Int, _ wide: inout ByteSlice?, _ damaged: ZipArchiveError
    ) throws(ZipArchiveError) -> Int {
        let narrow: UInt32 = file.littleEndian(at: position)
        guard narrow == .max, let field = wide else { return Int(narrow) }
        guard field.count >= 8, let value = Int(exactly: field.littleEndian(at: 0, as: UInt64.self)) else {
            throw damaged
        }
        wide = field[8..<field.count]
        return value
    }

    /// The contents of the extra field with identifier 1; nil when there is none.
    private static func wideField(_ file: ByteSlice, _ extra: Range<Int>) -> ByteSlice? {
        var position = extra.lowerBound
        while extra.upperBound - position >= 4 {
            let identifier: UInt16 = file.littleEndian(at: position)
            let length = Int(file.littleEndian(at: position + 2, as: UInt16.self))
            let start = position + 4
            guard length <= extra.upperBound - start else { return nil }
            if identifier == 1 { return file[start..<start + length] }
            position = start + length
        }
        return nil
    }
}
