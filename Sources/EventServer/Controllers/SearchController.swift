// SPDX-License-Identifier: MIT
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import Hummingbird
internal import JSONValues
internal import TemporalContext

/// `/context/search`: events by words, by an event, by both, or by a picture.
struct SearchController: Sendable {
    let processor: EventProcessor
    let likeness: LikenessSearch
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
        if let text { words = try await likeness.embedding(ofWords: text) }
        var source: SimilaritySource?
        if let like {
            let found = try await SimilaritySource.find(like, in: processor.store)
            parameters.exclude(found.sequence, at: found.timestamp)
            source = found
        }
        let query = try LikenessSearch.combined(words, source?.embedding, textWeight: weight)
        return try await answer(
            query, kind: isPicture ? .picture : .text, parameters,
            describing: ["q": JSONValue(text), "like": JSONValue(like), "text_weight": .number(weight)])
    }

    @Sendable private func searchImage(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        let parameters = SimilarityRequest(&fields, timeZone: timeZone, minimum: 0.7)
        try fields.finish()
        let bytes = try await bodies.picture(of: request)
        let embedding = try await likeness.embedding(ofPicture: bytes)
        return try await answer(
            embedding, kind: .picture, parameters, describing: ["image_bytes": .integer(Int64(bytes.count))])
    }

    private func answer(
        _ query: Embedding, kind: SimilarityIndex.QueryKind, _ parameters: SimilarityRequest,
        describing description: JSONObject
    ) async throws -> Response {
        var parameters = parameters
        try await parameters.restrict(to: processor.store)
        let outcome = try await likeness.run(
            query, kind: kind, filter: parameters.filter, limit: parameters.limit, minimum: parameters.minimum
        )
        var answer: JSONObject = ["query": .object(description)]
        for (name, value) in try await answers.members(outcome) { answer[name] = value }
        answer["query_params"] = .object(parameters.json)
        return .json(.object(answer))
    }
}

extension String {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
