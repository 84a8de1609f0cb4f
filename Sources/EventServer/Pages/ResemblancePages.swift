// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import Hummingbird
internal import JSONValues
internal import TemporalContext

/// `/visitors/{entity_id}/alike`: which groups could be the same visitor, and the owner's word on each.
struct ResemblancePages: Sendable {
    let site: PageSite

    /// A list that can be gone through; the next best come when these are decided about.
    static let limit = 20

    var endpoints: [Endpoint] {
        let base = "/visitors/{entity_id}"
        return [
            site.endpoint(.get, "\(base)/alike", answer: list),
            site.endpoint(.post, "\(base)/different", answer: distinguish),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        var fields = QueryFields(query: request.uri.query)
        let did = fields.text("did") != nil
        try fields.finish()
        guard let entity = try await site.store.entity(id: id) else { throw Problem.entityNotFound(id) }
        let resemblances = try await site.processor.resemblances(of: id, count: Self.limit)
        var suggestions: [PageView] = []
        for resemblance in resemblances.found {
            // Somebody may have merged it meanwhile.
            guard let other = try await site.store.entity(id: resemblance.entityID) else { continue }
            suggestions.append(suggestion(other, resemblance))
        }
        let path = PageLocation.path("/visitors", id)
        let name = EntityNames.text(entity)
        let view: PageView = [
            "name": name, "path": path, "back": "\(path)/alike?did=1", "isLoose": resemblances.isLoose,
            "image": entity.cover.flatMap { site.answers.thumbnailURL(of: $0) },
            "alike": suggestions, "isEmpty": suggestions.isEmpty,
        ]
        var frame = PageSite.Frame(title: "Who looks like \(name)?", place: .visitors)
        if did { frame.flash = try await VisitorHistory.flash(of: id, site) }
        return await site.page("alike", view, frame, context)
    }

    private func suggestion(
        _ other: RecognizedEntity, _ resemblance: RecurrenceMatcher.Resemblance
    ) -> PageView {
        let isClose = resemblance.margin >= 0
        let distance = LikenessList.decimals(abs(resemblance.margin), 3)
        var card = site.cards.visitor(other)
        card["id"] = other.id
        card["tone"] = isClose ? "strong" : "weak"
        card["word"] = isClose ? "alike" : "less alike"
        card["detail"] =
            "score \(LikenessList.decimals(resemblance.score, 3)), \(distance) "
            + (isClose ? "above" : "below") + " what counts as the same at that camera"
        return card
    }

    @Sendable private func distinguish(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("entity_id")
        let form = try await site.form(of: request)
        guard let other = form["other"] else {
            throw Problem(.unprocessableContent, "Choose the visitor that is somebody else.")
        }
        try await site.decide { store throws(EntityDecisionError) in
            try await store.distinguish(entityID: id, from: other)
        }
        return PageSite.redirect(to: form.destination(or: PageLocation.path("/visitors", id) + "?did=1"))
    }
}
