// SPDX-License-Identifier: MIT
import NIOHTTP1

/// What the server answered to one request.
struct HTTPAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    /// The first value of the header `name`.
    func header(_ name: String) -> String? { headers.first(name: name) }

    /// The body as text, replacing what is not UTF-8.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null for one that is none.
    var json: JSON { (try? JSON(body)) ?? .null }

    /// `detail` of an error whose detail is text.
    var detail: String? { json["detail"].text }

    /// Where each problem of a 422 is: `["body", "camera_id"]`.
    var problemLocations: [[JSON]] { json["detail"].elements.map(\.["loc"].elements) }
}
