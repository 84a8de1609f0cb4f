// SPDX-License-Identifier: MIT

/// Why a file is not an acceptable zip archive.
package enum ZipArchiveError: Error, Equatable, Sendable {
    /// The record that ends every zip archive is not there.
    case endRecordMissing
    /// A record lies outside the file or has the wrong signature.
    case recordDamaged(record: String, offset: Int)
    /// The archive is split over several files.
    case multipleDisks
    /// A name is not UTF-8.
    case nameNotUTF8(entry: Int)
    /// Two entries have one name.
    case duplicateName(String)
    /// Name or position in the directory and at the entry differ.
    case entryMismatch(name: String)
    /// An entry shares bytes with another one or with the directory.
    case overlap(name: String)
    /// An entry that is needed is compressed.
    case compressed(name: String, method: Int)
    /// An entry that is needed is encrypted.
    case encrypted(name: String)
    /// A needed entry is not in the archive.
    case entryMissing(name: String)
}

extension ZipArchiveError: CustomStringConvertible {
    /// Stable identifier for programs.
    package var code: String {
        switch self {
        case .endRecordMissing: "zip_end_record_missing"
        case .recordDamaged: "zip_record_damaged"
        case .multipleDisks: "zip_multiple_disks"
        case .nameNotUTF8: "zip_name_not_utf8"
        case .duplicateName: "zip_duplicate_name"
        case .entryMismatch: "zip_entry_mismatch"
        case .overlap: "zip_overlap"
        case .compressed: "zip_compressed_entry"
        case .encrypted: "zip_encrypted_entry"
        case .entryMissing: "zip_entry_missing"
        }
    }

    package var description: String {
        switch self {
        case .endRecordMissing:
            "The archive has no end record; it was cut short. Download or save it again."
        case .recordDamaged(let record, let offset):
            "The archive's \(record) at byte \(offset) is damaged or outside the file. Download it again."
        case .multipleDisks:
            "The archive is split over several files, expected one. Join the parts first."
        case .nameNotUTF8(let entry):
            "The name of the archive's entry \(entry) is not UTF-8. Save the model again with torch.save."
        case .duplicateName(let name):
            "The archive has two entries called \(name), expected one. Save the model again."
        case .entryMismatch(let name):
            "The archive's directory and its entry disagree about \(name). Download it again."
        case .overlap(let name):
            "The archive's entry \(name) overlaps other data. Download it again."
        case .compressed(let name, let method):
            "The archive's entry \(name) is compressed (method \(method)), expected stored. "
                + "Save the model with torch.save instead of repacking it."
        case .encrypted(let name):
            "The archive's entry \(name) is encrypted, expected plain data. Decrypt it first."
        case .entryMissing(let name):
            "The archive has no entry \(name); it is not a PyTorch model. Name another file."
        }
    }
}
