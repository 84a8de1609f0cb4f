// SPDX-License-Identifier: MIT
import Checkpoints
import Tensors
import Testing

@Suite("Zip archive")
struct ZipArchiveTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let code: String

        init(_ name: String, _ code: String, _ change: (inout ZipBuilder) -> Void) {
            var builder = ZipArchiveTests.builder
            change(&builder)
            self.init(name, code, bytes: builder.bytes)
        }

        init(_ name: String, _ code: String, bytes: [UInt8]) {
            testDescription = name
            self.bytes = bytes
            self.code = code
        }
    }

    /// A whole model of one tensor.
    static var builder: ZipBuilder {
        ZipBuilder([
            ("m/data.pkl", Pickle.stateDictionary(Pickle.tensor())),
            ("m/data/0", [UInt8](repeating: 0, count: 16)),
        ])
    }

    static let damages: [Damage] = [
        Damage("compressed", "zip_compressed_entry") { $0.entries[0].method = 8 },
        Damage("compressed storage", "zip_compressed_entry") { $0.entries[1].method = 8 },
        Damage("encrypted", "zip_encrypted_entry") { $0.entries[1].flags = 1 },
        Damage("strongly encrypted", "zip_encrypted_entry") { $0.entries[1].flags = 0x41 },
        Damage("one name twice", "zip_duplicate_name") { $0.entries.append($0.entries[1]) },
        Damage("name differs at the entry", "zip_entry_mismatch") {
            $0.entries[1].localName = Array("m/data/1".utf8)
        },
        Damage("name is not UTF-8", "zip_name_not_utf8") { $0.entries[1].name = [0xFF] },
        Damage("two names for one place", "zip_overlap") {
            $0.entries[1].name = Array("m/data.pk2".utf8)
            $0.entries[1].offset = 0
        },
        Damage("entry reaches into the directory", "zip_overlap") { $0.entries[1].declaredByteCount = 17 },
        Damage("entry of 4 GB", "zip_overlap") { $0.entries[1].declaredByteCount = .max - 1 },
        Damage("entry behind the end", "zip_record_damaged") { $0.entries[1].offset = 1 << 31 },
        Damage("more entries than the directory holds", "zip_record_damaged") { $0.declaredEntryCount = 3 },
        Damage("65,535 entries", "zip_record_damaged") { $0.declaredEntryCount = .max },
        Damage("fewer entries than the directory holds", "zip_record_damaged") { $0.declaredEntryCount = 1 },
        Damage("directory elsewhere", "zip_record_damaged") { $0.declaredDirectoryOffset = 3 },
        Damage("several disks", "zip_multiple_disks") { $0.disk = 1 },
        Damage("zip64 directory elsewhere", "zip_record_damaged") {
            $0.usesZip64 = true
            $0.declaredDirectoryOffset = 3
        },
        Damage("no pickle", "zip_entry_missing") { $0.entries.removeFirst() },
        Damage("no storage", "zip_entry_missing") { $0.entries.removeLast() },
        Damage("cut short", "zip_end_record_missing", bytes: Array(builder.bytes.dropLast())),
        Damage("bytes after the end", "zip_end_record_missing", bytes: builder.bytes + [0]),
        Damage("only the first bytes", "zip_end_record_missing", bytes: [0x50, 0x4B, 3, 4]),
        Damage("empty", "checkpoint_format_unknown", bytes: []),
        Damage("text", "checkpoint_format_unknown", bytes: Array("hello".utf8)),
        Damage("big-endian", "checkpoint_big_endian") {
            $0.entries.append(.init(name: Array("m/byteorder".utf8), data: Array("big".utf8)))
        },
    ]

    @Test("refuses each damaged archive with its own error", arguments: damages)
    func refuses(damage: Damage) throws {
        let error = try #require(throws: CheckpointError.self) { try PyTorchArchive(ByteSlice(damage.bytes)) }
        #expect(error.code == damage.code)
        #expect(!error.description.isEmpty)
    }

    @Test("reads plain archives, zip64 and comments")
    func reads() throws {
        var wide = Self.builder
        wide.usesZip64 = true
        var commented = Self.builder
        commented.comment = Array("PK\u{5}\u{6} not the end".utf8)
        for builder in [Self.builder, wide, commented] {
            #expect(try PyTorchArchive(ByteSlice(builder.bytes)).tensors.map(\.name) == ["w"])
        }
    }
}
