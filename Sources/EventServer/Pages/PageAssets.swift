// SPDX-License-Identifier: MIT
internal import Digests
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// The stylesheet, the script and the icon, which are part of the program.
///
/// Their addresses carry a digest of what is in them, so that browsers keep them for good and a new program has new ones.
struct PageAssets: Sendable {
    private struct Asset: Sendable {
        let bytes: [UInt8]
        let type: String
        let digest: String

        init(_ bytes: [UInt8], _ type: String) {
            self.bytes = bytes
            self.type = type
            digest = SHA256.hash(bytes).hexadecimal(prefix: 6)
        }
    }

    private let assets = [
        "page.css": Asset(PackageResources.page_css, "text/css; charset=utf-8"),
        "page.js": Asset(PackageResources.page_js, "text/javascript; charset=utf-8"),
        "icon.svg": Asset(PackageResources.icon_svg, "image/svg+xml"),
    ]

    /// The address of an asset.
    func url(_ name: String) -> String { "/assets/\(name)?v=\(assets[name]?.digest ?? "")" }

    var endpoints: [Endpoint] {
        [Endpoint(.get, "/assets/{name}", access: .open, nil, answer: answer)]
    }

    @Sendable private func answer(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let asset = assets[context.pathParameter("name")] else { throw Problem.notFound }
        var response = Response.bytes(asset.bytes, contentType: asset.type)
        response.headers[.cacheControl] =
            request.uri.query == "v=\(asset.digest)"
            ? "public, max-age=31536000, immutable" : "no-cache"
        response.headers[.eTag] = "\"\(asset.digest)\""
        if request.headers[.ifNoneMatch] == "\"\(asset.digest)\"" {
            response.status = .notModified; response.body = .init()
        }
        return response
    }
}
