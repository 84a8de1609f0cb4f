// SPDX-License-Identifier: MIT
import Tensors

/// The zip form of a PyTorch file: `NAME/data.pkl` and one entry `NAME/data/KEY` for each storage.
struct ZippedArchive {
    /// Whether code lies beside the numbers.
    let isTorchScript: Bool
    private let archive: ZipArchive
    private let prefix: String

    init(_ file: ByteSlice) throws(CheckpointError) {
        do {
            archive = try ZipArchive(file)
        } catch {
            throw .zip(error)
        }
        guard
            let program = archive.names.first(where: {
                $0.hasSuffix("/data.pkl") && $0.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1
            })
        else { throw .zip(.entryMissing(name: "data.pkl")) }
        prefix = String(program.dropLast("data.pkl".utf8.count))
        isTorchScript = archive.contains("\(prefix)constants.pkl")
    }

    /// All tensors, checked against the bytes of their storages.
    func tensors() throws(CheckpointError) -> [StoredTensor] {
        try checkByteOrder()
        var unpickler = RestrictedUnpickler(try contents("data.pkl"))
        let named: [(name: String, tensor: PickleTensor)]
        do {
            let root = try unpickler.run()
            named = try PickledTensors(unpickler.heap).named(from: root)
        } catch {
            throw .pickle(error)
        }
        var tensors: [StoredTensor] = []
        for (name, tensor) in named {
            let bytes = try contents("data/\(tensor.storage.key)")
            tensors.append(try tensor.stored(name, in: bytes))
        }
        return tensors
    }

    private func checkByteOrder() throws(CheckpointError) {
        guard archive.contains("\(prefix)byteorder") else { return }
        guard [UInt8](try contents("byteorder")) == Array("little".utf8) else { throw .bigEndian }
    }

    private func contents(_ name: String) throws(CheckpointError) -> ByteSlice {
        do {
            return try archive.contents(of: prefix + name)
        } catch {
            throw .zip(error)
        }
    }
}
