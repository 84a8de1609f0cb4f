// SPDX-License-Identifier: MIT
package import SystemPackage
package import Tensors

/// The tensors of a file that `torch.save` or `torch.jit.save` wrote, as views of the mapped file.
///
/// The pickle inside runs in ``RestrictedUnpickler``, which executes nothing.
package struct PyTorchArchive: Sendable {
    /// Who wrote the file.
    package enum Kind: Sendable {
        /// `torch.save`, a zip archive since PyTorch 1.6.
        case saved
        /// `torch.jit.save`: a module with its code, which is not read.
        case torchScript
        /// `torch.save` before PyTorch 1.6.
        case legacy
    }

    package let kind: Kind
    /// All tensors in the order of the pickle, with dotted names.
    package let tensors: [StoredTensor]

    /// Maps the file and reads what it describes; touches none of the tensors' values.
    package init(opening path: FilePath) throws(CheckpointError) {
        let file: ByteSlice
        do {
            file = try ByteSlice(mapping: path)
        } catch {
            throw .cannotOpen(error)
        }
        try self.init(file)
    }

    /// Reads an archive that is already in memory or mapped.
    package init(_ file: ByteSlice) throws(CheckpointError) {
        if LegacyArchive.recognizes(file) {
            kind = .legacy
            tensors = try LegacyArchive.tensors(in: file)
        } else if Self.isZip(file) {
            let contents = try ZippedArchive(file)
            kind = contents.isTorchScript ? .torchScript : .saved
            tensors = try contents.tensors()
        } else {
            throw .formatUnknown
        }
    }

    /// Whether `file` begins as one of the kinds does.
    static func recognizes(_ file: ByteSlice) -> Bool {
        LegacyArchive.recognizes(file) || isZip(file)
    }

    private static func isZip(_ file: ByteSlice) -> Bool {
        file.count >= 4 && file.littleEndian(at: 0) == 0x0403_4B50 as UInt32
    }
}
