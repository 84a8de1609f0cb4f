// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import EventStorage
internal import Imaging

/// What becomes of an event whose embedding could not be computed.
enum FailureDisposition: Equatable, Sendable {
    /// The same bytes fail the same way again; only a request tries again.
    case final
    /// The machine may do better later.
    case transient
    /// Nothing was tried, so nothing is recorded: the engine is stopping or busy.
    case untried
}

extension EmbeddingFailure {
    /// The failure that is kept with the event.
    ///
    /// Codes of pictures that cannot be read become `undecodable_image`, one code for clients to know; the message
    /// keeps the difference.
    init(_ error: EmbeddingError) {
        let code =
            switch error {
            case .image(let image):
                switch image {
                case .tooManyBytes, .tooManyPixels, .dimensionTooLarge, .aspectRatioTooLarge:
                    "image_too_large"
                case .outOfMemory: "engine_error"
                default: "undecodable_image"
                }
            case .weightsMissing, .weights: "weights_missing"
            default: "engine_error"
            }
        self.init(code: code, message: Self.message(of: error))
    }

    static let thumbnailMissing = EmbeddingFailure(
        code: "thumbnail_missing",
        message: "The thumbnail is not there; put the file in its place and run a batch with retry_failed.")

    /// The codes that an embedding can fail with.
    package static let codes = [
        "undecodable_image", "image_too_large", "thumbnail_missing", "weights_missing", "engine_error",
    ]

    /// The reason without the place of the weights on this machine, which is nobody's business over HTTP.
    private static func message(of error: EmbeddingError) -> String {
        switch error {
        case .weightsMissing:
            "There are no weights; get them with 'afterimage weights fetch', then restart the server or wait a minute."
        case .weights:
            "The weights cannot be used; 'afterimage weights verify' says why."
        default: error.description
        }
    }
}

extension EmbeddingError {
    var disposition: FailureDisposition {
        switch self {
        case .image(.outOfMemory), .notFinite: .transient
        case .image, .weightsMissing, .weights, .textTooLong: .final
        case .queueFull, .cancelled, .shutDown: .untried
        }
    }
}
