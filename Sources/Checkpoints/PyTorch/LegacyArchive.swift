// SPDX-License-Identifier: MIT
import Tensors

/// The form that `torch.save` wrote before PyTorch 1.6: five pickles, then the storages one by one.
///
///     magic number · protocol version · machine · the object · [storage keys]
///     for each key: element count, UInt64 LE · elements
enum LegacyArchive {
    /// The pickle of the magic number 0x1950A86A20F9469CFC6C.
    private static let magic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    static func recognizes(_ file: ByteSlice) -> Bool {
        file.count >= magic.count && [UInt8](file[0..<magic.count]) == magic
    }

    /// All tensors, checked against the bytes of their storages.
    static func tensors(in file: ByteSlice) throws(CheckpointError) -> [StoredTensor] {
        do {
            return try read(file)
        } catch let error as PickleError {
            throw .pickle(error)
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .formatUnknown
        }
    }

    private static func read(_ file: ByteSlice) throws -> [StoredTensor] {
        var position = magic.count
        _ = try value(in: file, at: &position)
        var machine = RestrictedUnpickler(file, from: position)
        _ = try machine.run()
        position = machine.position
        try checkByteOrder(machine)
        var object = RestrictedUnpickler(file, from: position)
        let root = try object.run()
        position = object.position
        let named = try PickledTensors(object.heap).named(from: root)
        let storages = try storages(
            in: file, keys: try keys(in: file, at: &position), from: position,
            Dictionary(named.map { ($0.tensor.storage.key, $0.tensor.storage) }) { first, _ in first })
        return try named.map { name, tensor in
            guard let bytes = storages[tensor.storage.key] else {
                throw CheckpointError.storageDamaged(key: tensor.storage.key)
            }
            return try tensor.stored(name, in: bytes)
        }
    }

    private static func value(in file: ByteSlice, at position: inout Int) throws -> PickleValue {
        var unpickler = RestrictedUnpickler(file, from: position)
        defer { position = unpickler.position }
        return try unpickler.run()
    }

    private static func checkByteOrder(_ machine: RestrictedUnpickler) throws {
        for case .dictionary(let pairs) in machine.heap.collections {
            for (key, value) in pairs where key == .string("little_endian") && value != .bool(true) {
                throw CheckpointError.bigEndian
            }
        }
    }

    private static func keys(in file: ByteSlice, at position: inout Int) throws -> [String] {
        var unpickler = RestrictedUnpickler(file, from: position)
        let list = try unpickler.run()
        position = unpickler.position
        guard let items = unpickler.heap.items(list) else { throw CheckpointError.formatUnknown }
        return try items.map { item in
            guard case .string(let key) = item else { throw CheckpointError.formatUnknown }
            return key
        }
    }

    /// The bytes of each storage, which follow each other without a directory.
    private static func storages(
        in file: ByteSlice, keys: [String], from start: Int, _ declared: [String: PickleStorage]
    ) throws -> [String: ByteSlice] {
        var position = start
        var storages: [String: ByteSlice] = [:]
        for key in keys {
            // Without a tensor that uses it, nobody knows how long an element is.
            guard let storage = declared[key], file.count - position >= 8 else {
                throw CheckpointError.storageDamaged(key: key)
            }
            let count: UInt64 = file.littleEndian(at: position)
            position += 8
            let elementByteCount = storage.elementType.byteCount
            guard count == UInt64(storage.elementCount),
                storage.elementCount <= (file.count - position) / elementByteCount
            else { throw CheckpointError.storageDamaged(key: key) }
            let end = position + storage.elementCount * elementByteCount
            storages[key] = file[position..<end]
            position = end
        }
        return storages
    }
}
