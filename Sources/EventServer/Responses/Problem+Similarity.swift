// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import HTTPTypes
internal import JSONValues
internal import TemporalContext

extension Problem {
    /// The one place where a search's errors become statuses.
    init(_ error: SimilarityError) {
        switch error {
        case .storage(let error): self.init(error)
        case .memory: self.init(.serviceUnavailable, .string(error.description), headers: [.retryAfter: "30"])
        case .noDirection: self.init(.notFound, .string(error.description))
        }
    }

    /// Why a query could not be embedded: the client's picture, or what the server lacks.
    init(query error: EmbeddingError) {
        switch error {
        case .image: self = .invalid([.value(error.description, ["body"], .null)])
        case .textTooLong: self = .invalid([.value(error.description, ["query", "q"], .null)])
        default: self.init(.serviceUnavailable, .string(error.description), headers: [.retryAfter: "5"])
        }
    }
}
