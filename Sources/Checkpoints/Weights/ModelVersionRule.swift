// SPDX-License-Identifier: MIT

/// Rules for the name under which vectors of a model are stored.
package enum ModelVersionRule {
    /// Length of the column `model_version`.
    package static let characterLimit = 50

    /// Checks a name that a user chose.
    package static func check(_ version: String) throws(WeightsMetadataError) {
        let hasControls = version.unicodeScalars.contains { $0.properties.generalCategory == .control }
        let isBlank = version.allSatisfy(\.isWhitespace)
        guard !isBlank, version.unicodeScalars.count <= characterLimit, !hasControls else {
            throw .modelVersionUnusable(characterCount: version.unicodeScalars.count)
        }
    }

    /// Refuses names that only certain weights may have: vectors of different weights must never meet.
    package static func checkNotReserved(_ version: String) throws(WeightsMetadataError) {
        let isPublished = KnownSource.all.contains { $0.modelVersion == version }
        guard !isPublished, version != "stand-in-ViT-B-32-v1" else {
            throw .modelVersionReserved(version)
        }
    }

    /// The name of weights that nobody named: `custom-` and 12 digits of their hash.
    package static func custom(contentSHA256 hash: String) -> String {
        "custom-\(hash.prefix(12))"
    }
}
