// SPDX-License-Identifier: MIT

/// A `multipart/form-data` body.
struct MultipartBody: Sendable {
    /// A part of the form.
    struct Part: Sendable {
        let name: String
        var fileName: String?
        var contentType: String?
        let bytes: [UInt8]
    }

    var boundary = "----afterimage-boundary-7MA4YWxk"
    var parts: [Part]

    /// The header that announces it.
    var header: (String, String) { ("Content-Type", "multipart/form-data; boundary=\(boundary)") }

    /// The bytes on the wire.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        for part in parts {
            var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\""
            if let fileName = part.fileName { head += "; filename=\"\(fileName)\"" }
            if let contentType = part.contentType { head += "\r\nContent-Type: \(contentType)" }
            result += Array((head + "\r\n\r\n").utf8) + part.bytes + Array("\r\n".utf8)
        }
        return result + Array("--\(boundary)--\r\n".utf8)
    }

    /// The form of an event and its picture.
    init(event: JSON, thumbnail: [UInt8]?, contentType: String? = "image/jpeg") throws {
        parts = [Part(name: "event", contentType: "application/json", bytes: try event.bytes)]
        if let thumbnail {
            parts.append(
                Part(
                    name: "thumbnail", fileName: "snapshot.jpg", contentType: contentType, bytes: thumbnail))
        }
    }
}
