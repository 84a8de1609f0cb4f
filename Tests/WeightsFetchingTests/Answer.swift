// SPDX-License-Identifier: MIT

/// How the hostile server answers one request.
struct Answer: Sendable {
    enum Kind: Sendable {
        /// Right, with ranges.
        case whole
        /// Right, but always from the first byte.
        case ignoringRange
        /// Right length declared; the connection closes after so many body bytes.
        case closing(after: Int)
        /// As `closing`, with a reset instead of an orderly end.
        case resetting(after: Int)
        /// Declares the right length, sends so many bytes, then nothing more.
        case stalling(after: Int)
        /// Accepts the request and never answers.
        case silent
        /// One bit of the byte at this position of the file is turned over.
        case corrupting(at: Int)
        /// Sends the bytes asked for under these words of `Content-Range`; nil leaves the header out.
        case contentRange(String?)
        /// Chunked, with so many bytes of the file and, if it is ended, an orderly end.
        case chunked(count: Int, isEnded: Bool)
        /// Neither length nor chunks: the end of the connection is the end of the body.
        case untilClose(count: Int)
        /// Declares and sends this many bytes more than the file has.
        case declaringMore(Int)
        /// Chunked, and this many bytes more than the file has.
        case chunkedMore(Int)
        /// No body.
        case status(Int, [(String, String)] = [])
        /// `416` with the length of the file.
        case rangeRefused(total: Int?)
        /// Bytes that are no HTTP.
        case garbage
    }

    let kind: Kind
    var entityTag: String? = "\"one\""
    var lastModified: String?

    init(_ kind: Kind, entityTag: String? = "\"one\"", lastModified: String? = nil) {
        self.kind = kind
        self.entityTag = entityTag
        self.lastModified = lastModified
    }

    static let whole = Answer(.whole)

    static func redirect(_ status: Int = 302, to location: String) -> Answer {
        Answer(.status(status, [("Location", location)]))
    }
}
