// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues

extension BodyReader {
    /// The picture that a request carries: its whole body, or the part `image` of a form.
    ///
    /// - Throws: ``Problem``, also 422 for a form that cannot be read or has no such part.
    func picture(of request: Request) async throws(Problem) -> [UInt8] {
        let type = MediaTypeName(request.headers[.contentType])
        let bytes = try await bytes(of: request)
        guard type.isMultipart else { return bytes }
        let boundary = MultipartParser.boundary(contentType: request.headers[.contentType] ?? "")
        guard let boundary, let parts = try? MultipartParser.parse(body: bytes, boundary: boundary) else {
            throw .invalid([.value("the form cannot be read", ["body"], .null)])
        }
        guard let part = parts.last(where: { $0.name == "image" }) else {
            throw .invalid([.missing(["body", "image"], input: .array(parts.map { .string($0.name) }))])
        }
        return Array(part.body)
    }
}
