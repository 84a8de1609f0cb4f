// SPDX-License-Identifier: MIT
internal import Embeddings
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import TemporalContext

/// What a search by words, by an event or by a picture finds.
struct SearchPages: Sendable {
    let site: PageSite

    private static let length = 60
    /// Events whose descriptions have the words, at most.
    private static let describedLength = 12
    /// Of which as many are looked at where hours restrict.
    private static let mostLookedAt = 500

    var endpoints: [Endpoint] {
        [site.endpoint(.post, "/search/picture", scope: .read, answer: picture)]
    }

    /// The page for words, `like:`, or both.
    func results(_ terms: SearchTerms, _ context: APIContext) async throws -> Response {
        let cameras = await site.board.latest().cameras
        let search = EventSearch(terms, cameras: cameras, timeZone: site.timeZone)
        var view = TimelinePages(site: site).filters(search, cameras)
        if let state = search.filter.embeddingState, state != .ready {
            view["issues"] =
                search.issues + ["What is not indexed cannot be compared: state: is passed over here."]
        }
        view["described"] = try await described(search)
        do {
            let found = try await find(search)
            view["source"] = found.source
            view["results"] = found.list.view
        } catch let problem as Problem {
            view["problem"] =
                terms.words.isEmpty
                ? problem.text : "Pictures cannot be searched by words now. \(problem.text)"
        }
        return await site.page(
            "results", view, .init(title: title(terms), place: .timeline, terms: terms), context)
    }

    private func title(_ terms: SearchTerms) -> String {
        terms.words.isEmpty ? "Similar events" : "“\(terms.words)”"
    }

    private func find(_ search: EventSearch) async throws -> (list: LikenessList, source: PageView?) {
        let terms = search.terms
        var words: Embedding?
        if !terms.words.isEmpty { words = try await site.likeness.embedding(ofWords: terms.words) }
        var filter = search.likeness
        if let visitor = search.filter.entityID {
            filter.sequences = try await site.store.sequences(ofEntity: visitor)
        }
        var picture: Embedding?
        var card: PageView?
        if let like = terms[.like] {
            let source = try await SimilaritySource.find(like, in: site.store)
            filter.excluding = [source.sequence]
            picture = source.embedding
            if let event = try await site.store.event(id: like) {
                card = site.cards.card(event, terms: terms)
                card?["showsDay"] = true
                card?["similar"] = nil
            }
        }
        let query = try LikenessSearch.combined(words, picture, textWeight: 0.5)
        let kind = words == nil ? SimilarityIndex.QueryKind.event : .text
        return (try await list(query, kind, filter, terms), card)
    }

    private func list(
        _ query: Embedding, _ kind: SimilarityIndex.QueryKind, _ filter: SimilarityFilter,
        _ terms: SearchTerms
    ) async throws -> LikenessList {
        let outcome = try await site.likeness.run(
            query, kind: kind, filter: filter, limit: Self.length, minimum: -1)
        return try await LikenessList(outcome, kind, cards: site.cards, terms: terms, store: site.store)
    }

    /// The latest events whose descriptions have all the words.
    private func described(_ search: EventSearch) async throws(StorageError) -> PageView? {
        guard !search.terms.words.isEmpty, search.terms[.like] == nil else { return nil }
        var filter = search.filter
        filter.searchWords = search.terms.words
        // Which hours an event is of is not in the index of words.
        let hours = search.likeness.hours
        let limit = hours == nil ? Self.describedLength : Self.mostLookedAt
        let page = try await site.store.events(EventQuery(filter: filter, limit: limit))
        let events = page.events.filter {
            hours?.contains(minute: LocalMoment($0.timestamp, in: site.timeZone).minute) ?? true
        }
        let cards = site.cards
        let views = events.prefix(Self.describedLength).map { event in
            var card = cards.card(event, terms: search.terms)
            card["showsDay"] = true
            return card
        }
        guard !views.isEmpty else { return nil }
        return [
            "cards": views, "count": Timeline.count(hours == nil ? page.totalCount : events.count),
        ]
    }

    @Sendable private func picture(_ request: Request, _ context: APIContext) async throws -> Response {
        let isPart = request.uri.query == "part=results"
        var view: PageView = ["isPicture": true]
        do {
            let bytes = try await site.bodies.picture(of: request)
            let query = try await site.likeness.embedding(ofPicture: bytes)
            var filter = SimilarityFilter()
            filter.timeZone = site.timeZone
            view["results"] = try await list(query, .image, filter, SearchTerms()).view
        } catch let problem as Problem {
            // A page that says so: the browser has done nothing wrong.
            view["problem"] = problem.text
        }
        if isPart { return site.part("found", view, context) }
        return await site.page("results", view, .init(title: "Search by picture", place: .timeline), context)
    }
}
