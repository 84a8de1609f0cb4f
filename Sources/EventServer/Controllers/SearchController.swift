// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import TemporalContext

/// `/context/search`: events by words, by an event, by both, or by a picture.
struct SearchController: Sendable {
    let processor: EventProcessor
    let index: SimilarityIndex
    let texts: TextEmbedder
    let bodies: BodyReader
    let answers: SimilarityAnswer
    /// Whose hours are meant when a request names no time zone.
    let timeZone: TimeZone

    /// Characters of the longest text.
    static let textLimit = 1000

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/api/v1/context/search", Self.operation, answer: search),
            Endpoint(
                .post, "/api/v1/context/search/image", access: .key(.read), Self.imageOperation,
                answer: searchImage),
        ]
    }

    @Sendable private func search(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        let text = fields.text("q", maximumLength: Self.textLimit).flatMap { $0.isBlank ? nil : $0 }
        let like = fields.text("like")
        let weight = fields.number("text_weight", in: 0...1) ?? 0.5
        // The cosines of words and pictures lie far below those of pictures.
        let isPicture = like != nil && text == nil
        var parameters = SimilarityRequest(&fields, timeZone: timeZone, minimum: isPicture ? 0.7 : 0)
        if text == nil, like == nil, fields.issues.isEmpty {
            fields.report(.missing(["query", "q"], input: .null))
        }
        try fields.finish()

        var words: Embedding?
        if let text { words = try await embedding(of: text) }
        var source: SimilaritySource?
        if let like {
            let found = try await SimilaritySource.find(like, in: processor.store)
            parameters.exclude(found.sequence, at: found.timestamp)
            source = found
        }
        let query = try Self.combined(words, source?.embedding, textWeight: weight)
        return try await answer(
            query, kind: isPicture ? .picture : .text, parameters,
            describing: ["q": JSONValue(text), "like": JSONValue(like), "text_weight": .number(weight)])
    }

    @Sendable private func searchImage(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        let parameters = SimilarityRequest(&fields, timeZone: timeZone, minimum: 0.7)
        try fields.finish()
        let bytes = try await picture(of: request)
        let embedding: Embedding
        do throws(EmbeddingError) {
            embedding = try await processor.embedder.embed(bytes)
        } catch {
            throw Problem(query: error)
        }
        return try await answer(
            embedding, kind: .picture, parameters, describing: ["image_bytes": .integer(Int64(bytes.count))])
    }

    private func embedding(of text: String) async throws(Problem) -> Embedding {
        do throws(EmbeddingError) {
            return try await texts.embed(PromptTemplate.caption(for: text))
        } catch {
            throw Problem(query: error)
        }
    }

    private func picture(of request: Request) async throws(Problem) -> [UInt8] {
        let type = MediaTypeName(request.headers[.contentType])
        let bytes = try await bodies.bytes(of: request)
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

    private func answer(
        _ query: Embedding, kind: SimilarityIndex.QueryKind, _ parameters: SimilarityRequest,
        describing description: JSONObject
    ) async throws -> Response {
        var parameters = parameters
        try await parameters.restrict(to: processor.store)
        let outcome: SimilarityIndex.Outcome
        do throws(SimilarityError) {
            outcome = try await index.search(
                query.values, version: query.modelVersion.name, kind: kind, filter: parameters.filter,
                limit: parameters.limit, minimum: parameters.minimum)
        } catch {
            throw Problem(error)
        }
        var answer: JSONObject = ["query": .object(description)]
        for (name, value) in try await answers.members(outcome) { answer[name] = value }
        answer["query_params"] = .object(parameters.json)
        return .json(.object(answer))
    }

    /// The directions of words and picture, weighted and added.
    ///
    /// - Throws: ``Problem``, 422 where the two come from different weights or cancel each other out.
    private static func combined(
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

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
