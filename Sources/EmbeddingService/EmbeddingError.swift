// SPDX-License-Identifier: MIT
public import CLIP
public import Imaging

/// Why an image or a text has no embedding.
public enum EmbeddingError: Error, Equatable, Sendable {
    /// The bytes are not an image the reference would accept.
    case image(ImageError)
    /// There is no weights file at this path.
    case weightsMissing(path: String)
    /// The weights cannot be used.
    case weights(WeightError)
    /// The text has more bytes than the embedder accepts.
    case textTooLong(byteCount: Int, limit: Int)
    /// The model gave a number that is not finite; the weights are damaged.
    case notFinite
    /// More images or texts wait than the embedder accepts.
    case queueFull(capacity: Int)
    /// The task that asked was cancelled before its image or text was begun.
    case cancelled
    /// The embedder was shut down.
    case shutDown
}

extension EmbeddingError: CustomStringConvertible {
    /// One sentence: what was expected, what was found, what to do next.
    public var description: String {
        switch self {
        case .image(let error): error.description
        case .weightsMissing(let path):
            """
            There is no weights file '\(path)'; get one with 'afterimage weights fetch', or make stand-in weights \
            with 'afterimage weights synthesize --out FILE'.
            """
        case .weights(let error): error.description
        case .textTooLong(let byteCount, let limit):
            "The text has \(byteCount) bytes, at most \(limit) are accepted; shorten it."
        case .notFinite:
            "The model gave numbers that are not finite; check the weights with 'afterimage weights verify'."
        case .queueFull(let capacity): "\(capacity) requests are waiting already; try again in a moment."
        case .cancelled: "The request was cancelled before it was begun."
        case .shutDown: "The embedder has been shut down."
        }
    }

    /// Stable name for logs, rows and clients.
    public var code: String {
        switch self {
        case .image(let error): error.code
        case .weightsMissing: "weights_missing"
        case .weights(let error): error.code
        case .textTooLong: "text_too_long"
        case .notFinite: "engine_error"
        case .queueFull: "queue_full"
        case .cancelled: "cancelled"
        case .shutDown: "shut_down"
        }
    }
}
