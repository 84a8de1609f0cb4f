// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import Embeddings
internal import EventStorage
internal import HTTPTypes
internal import JSONValues
internal import TemporalContext

/// Searches by likeness, with errors that a client understands: behind the API and behind the pages.
struct LikenessSearch: Sendable {
    let images: ImageEmbedder
    let texts: TextEmbedder
    let index: SimilarityIndex

    /// The embedding of a few words, taken as a caption.
    ///
    /// - Throws: ``Problem``, 503 where the weights are missing or know no words.
    func embedding(ofWords text: String) async throws(Problem) -> Embedding {
        do throws(EmbeddingError) {
            return try await texts.embed(PromptTemplate.caption(for: text))
        } catch {
            throw Problem(query: error)
        }
    }

    /// The embedding of a picture's bytes.
    ///
    /// - Throws: ``Problem``, 422 for bytes that are no picture, 503 without weights.
    func embedding(ofPicture bytes: [UInt8]) async throws(Problem) -> Embedding {
        do throws(EmbeddingError) {
            return try await images.embed(bytes)
        } catch {
            throw Problem(query: error)
        }
    }

    /// The events whose vectors have the largest cosine with a vector.
    ///
    /// - Throws: ``Problem``.
    func run(
        _ query: Embedding, kind: SimilarityIndex.QueryKind, filter: SimilarityFilter, limit: Int,
        minimum: Double
    ) async throws(Problem) -> SimilarityIndex.Outcome {
        do throws(SimilarityError) {
            return try await index.search(
                query.values, version: query.modelVersion.name, kind: kind, filter: filter, limit: limit,
                minimum: minimum)
        } catch {
            // An event's vector is the server's; what somebody else asks for is the client's.
            if case .noDirection = error, kind != .event {
                throw Problem.invalid([.value(error.description, [kind == .image ? "body" : "query"], .null)])
            }
            throw Problem(error)
        }
    }

    /// The directions of words and picture, weighted and added.
    ///
    /// - Throws: ``Problem``, 409 where the two come from different weights.
    static func combined(
        _ words: Embedding?, _ picture: Embedding?, textWeight: Double
    ) throws(Problem) -> Embedding {
        guard let words else {
            guard let picture else { throw .invalid([.missing(["query", "q"], input: .null)]) }
            return picture
        }
        guard let picture else { return words }
        guard words.modelVersion == picture.modelVersion, words.dimension == picture.dimension else {
            throw Problem(
                .conflict,
                .string(
                    "The event's embedding is of \(picture.modelVersion), the text's of \(words.modelVersion); "
                        + "embed the event again with POST /api/v1/context/embeddings/batch."))
        }
        let values = zip(words.normalized.values, picture.normalized.values).map {
            Float(textWeight) * $0 + Float(1 - textWeight) * $1
        }
        return Embedding(values, modelVersion: words.modelVersion)
    }
}
