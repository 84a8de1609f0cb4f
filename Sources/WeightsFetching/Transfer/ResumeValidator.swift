// SPDX-License-Identifier: MIT
import Foundation
import NIOHTTP1
import SystemPackage

/// Of which content a partial file is a part, kept beside it between runs.
struct ResumeValidator: Codable, Equatable, Sendable {
    /// Address asked for, without secrets.
    ///
    /// Redirect targets change from day to day and are not kept.
    var url: String
    /// Checksums that the finished content was accepted by.
    var acceptedHashes: [ContentHash]
    /// `ETag` of the response that began the file.
    var entityTag: String?
    /// `Last-Modified` of that response.
    var lastModified: String?

    init(_ order: DownloadOrder, headers: HTTPHeaders = [:]) {
        url = order.address.redacted
        acceptedHashes = order.acceptedHashes
        entityTag = headers.first(name: "ETag")
        lastModified = headers.first(name: "Last-Modified")
    }

    /// Value for `If-Range`: a strong entity tag, else a date; weak tags are not allowed there.
    ///
    /// Source: RFC 9110, section 13.1.5.
    var ifRange: String? {
        if let entityTag { return entityTag.hasPrefix("W/") ? nil : entityTag }
        return lastModified
    }

    /// The validator left for `order`, or nil where the partial file must not be continued.
    ///
    /// From another address it may be continued only if one single content is wanted; then the server's own tags
    /// mean nothing and the checksum alone decides.
    static func load(for order: DownloadOrder) -> ResumeValidator? {
        guard let contents = try? Data(contentsOf: URL(fileURLWithPath: order.validatorFile.string)),
            let left = try? JSONDecoder().decode(ResumeValidator.self, from: contents),
            left.acceptedHashes == order.acceptedHashes
        else { return nil }
        if left.url == order.address.redacted { return left }
        return order.acceptedHashes.count == 1 ? ResumeValidator(order) : nil
    }

    func save(for order: DownloadOrder) throws(WeightsFetchError) {
        do {
            let contents = try JSONEncoder().encode(self)
            try contents.write(to: URL(fileURLWithPath: order.validatorFile.string), options: .atomic)
        } catch {
            throw WeightsFetchError(error, at: order.validatorFile)
        }
    }

    static func remove(for order: DownloadOrder) {
        try? FileManager.default.removeItem(atPath: order.validatorFile.string)
    }
}
