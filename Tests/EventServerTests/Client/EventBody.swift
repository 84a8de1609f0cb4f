// SPDX-License-Identifier: MIT
import Foundation

/// The JSON of `POST /events`, valid unless a test spoils it.
struct EventBody: Sendable {
    /// Members of the object.
    private(set) var fields: [String: JSON]

    /// An event without a thumbnail.
    init(
        camera: String = "front-door", at timestamp: String = "2026-05-14T18:02:03Z",
        _ description: String = "A person walks to the door.", confidence: Int = 87,
        objects: [JSON] = ["person"]
    ) {
        fields = [
            "camera_id": .string(camera), "timestamp": .string(timestamp),
            "description": .string(description),
            "confidence": .integer(confidence), "objects_detected": .array(objects),
        ]
    }

    /// The event with one member set, or taken out where `value` is Swift's nil.
    func with(_ key: String, _ value: JSON?) -> EventBody {
        var copy = self
        copy.fields[key] = value
        return copy
    }

    /// The event with a thumbnail in `thumbnail_base64`.
    func with(thumbnail: [UInt8]) -> EventBody { with("thumbnail_base64", .string(Self.base64(thumbnail))) }

    /// The whole object.
    var json: JSON { .object(fields) }

    /// Standard base64 of `bytes`.
    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// A new identifier, in lower case.
    static func newID() -> String { UUID().uuidString.lowercased() }
}
