// SPDX-License-Identifier: MIT
internal import Digests
package import EventStorage
internal import Foundation

/// A validated event, before it has a place in the store.
package struct ReceivedEvent: Sendable {
    /// The thumbnail as it came.
    package enum Thumbnail: Sendable {
        case none
        /// The client's bytes, of whatever type.
        case bytes([UInt8])
        /// A file inside the thumbnail directory, with the client's spelling of its path.
        case file(ThumbnailLocation, spelling: String)
    }

    /// The client's identifier for safe retries, a lower-case UUID.
    package var id: String?
    package var cameraID: String
    package var timestamp: Timestamp
    package var description: String
    /// 0…100.
    package var confidence: Int
    /// At least one.
    package var objectsDetected: [ObjectType]
    package var thumbnail: Thumbnail
    package var alertTriggered = false
    package var sourceType = SourceType.rtsp
    package var smartDetectionType: SmartDetectionType?
    package var isDoorbellRing = false

    package init(
        id: String? = nil, cameraID: String, timestamp: Timestamp, description: String, confidence: Int,
        objectsDetected: [ObjectType], thumbnail: Thumbnail = .none
    ) {
        self.id = id
        self.cameraID = cameraID
        self.timestamp = timestamp
        self.description = description
        self.confidence = confidence
        self.objectsDetected = objectsDetected
        self.thumbnail = thumbnail
    }

    /// SHA-256 of the content, by which a retry is told from another event with the same identifier.
    ///
    /// Each field is preceded by its length, so that no two contents read alike.
    var contentDigest: String {
        var digest = SHA256()
        func add(_ bytes: some Collection<UInt8>) {
            digest.update("\(bytes.count):".utf8)
            digest.update(bytes)
        }
        for text in [
            cameraID, timestamp.iso8601, description, String(confidence),
            objectsDetected.map(\.rawValue).joined(separator: ","), String(alertTriggered),
            sourceType.rawValue,
            smartDetectionType?.rawValue ?? "", String(isDoorbellRing),
        ] { add(text.utf8) }
        switch thumbnail {
        case .none: add("none".utf8)
        case .bytes(let bytes):
            add("bytes".utf8)
            add(bytes)
        case .file(let location, _):
            add("file".utf8)
            add(location.relativePath.utf8)
        }
        return digest.finalize().hexadecimal
    }
}
