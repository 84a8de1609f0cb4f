// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import NIOCore

extension Response {
    /// A response with `value` as its body.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        .bytes(value.serialized(), contentType: "application/json", status: status)
    }

    static func bytes(
        _ bytes: [UInt8], contentType: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
