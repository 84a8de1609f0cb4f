// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation

/// The page of one visitor: who it is to the owner, when it comes, and by which events it is known.
struct VisitorDetail: Sendable {
    let site: PageSite
    let entity: RecognizedEntity
    let page: Int

    private static let shownVisits = 12

    /// For the template `visitor`.
    func view() async throws(StorageError) -> PageView {
        let cards = site.cards
        let length = VisitorPages.pageLength
        let visits =
            try await site.store.visits(ofEntity: entity.id, gap: EntitiesController.visitGapMinutes * 60)
            ?? []
        let found = try await site.store.events(
            ofEntity: entity.id, limit: length, offset: (page - 1) * length)
        let events = found?.events ?? []
        let total = found?.total ?? 0
        let path = PageLocation.path("/visitors", entity.id)
        return [
            "path": path, "name": EntityNames.text(entity), "givenName": entity.name, "notes": entity.notes,
            "image": entity.cover.flatMap { site.answers.thumbnailURL(of: $0) },
            "alt": "Latest picture of \(EntityNames.text(entity))",
            "kinds": EntityKind.allCases.map {
                ["value": $0.rawValue, "isOn": entity.kind == $0] as PageView
            },
            "types": EntityType.allCases.map {
                ["value": $0.rawValue, "isOn": entity.entityType == $0] as PageView
            },
            "facts": facts(visits.count, total, cards),
            "visits": visits.prefix(Self.shownVisits).map { visit($0, cards) },
            "hiddenVisits": visits.count > Self.shownVisits
                ? "and \((visits.count - Self.shownVisits).grouped) earlier" : nil,
            "heat": heat(visits, cards), "members": events.map { member($0, path, cards) },
            "canSplit": total > 1, "others": try await others(),
            "history": try await history(cards),
            "timelineHref": PageLocation("/", [("q", "visitor:\(entity.id)")]).text,
            "next": page * length < total ? PageLocation(path, [("page", String(page + 1))]).text : nil,
            "previous": page > 1 ? PageLocation(path, [("page", String(page - 1))]).text : nil,
        ]
    }

    private func facts(_ visitCount: Int, _ eventCount: Int, _ cards: EventCards) -> [PageView] {
        let first = cards.local(entity.firstSeenAt), last = cards.local(entity.lastSeenAt)
        return [
            ["name": "Visits", "value": visitCount.grouped], ["name": "Events", "value": eventCount.grouped],
            ["name": "First seen", "value": "\(first.shortDay(now: cards.now)) \(first.clock)"],
            ["name": "Last seen", "value": "\(last.shortDay(now: cards.now)) \(last.clock)"],
        ]
    }

    private func visit(_ visit: EntityVisit, _ cards: EventCards) -> PageView {
        let start = cards.local(visit.startedAt), end = cards.local(visit.endedAt)
        return [
            "iso": visit.startedAt.iso8601, "day": start.longDay(now: cards.now),
            "clock": start.clock == end.clock ? start.clock : "\(start.clock)–\(end.clock)",
            "events": Timeline.count(visit.eventIDs.count),
            "cameras": visit.cameraIDs.joined(separator: ", "),
            "href": visit.eventIDs.first.map { PageLocation.path("/events", $0) },
        ]
    }

    private func member(_ member: EntityEvent, _ path: String, _ cards: EventCards) -> PageView {
        var card = cards.card(member.event, terms: SearchTerms())
        card["showsDay"] = true
        card["entity"] = nil
        return [
            "card": card, "id": member.event.id, "remove": "\(path)/remove",
            "isOwners": member.isOwners, "alt": card["alt"],
        ]
    }

    /// Visits by weekday and hour, in shades.
    private func heat(_ visits: [EntityVisit], _ cards: EventCards) -> PageView {
        var counts = [Int](repeating: 0, count: 168)
        for visit in visits {
            let start = cards.local(visit.startedAt)
            counts[start.weekday * 24 + start.hour] += 1
        }
        let most = max(1, counts.max() ?? 1)
        return [
            "hours": (0..<24).map { String($0) },
            "rows": LocalMoment.weekdays.enumerated().map { day, name -> PageView in
                [
                    "day": name, "short": String(name.prefix(3)),
                    "cells": (0..<24).map { hour -> PageView in
                        let count = counts[day * 24 + hour]
                        return [
                            "count": count > 0 ? String(count) : nil,
                            "shade": "heat-\(count == 0 ? 0 : max(1, count * 5 / most))",
                        ]
                    },
                ]
            },
        ]
    }

    /// Who could be the same, last seen first.
    private func others() async throws(StorageError) -> [PageView] {
        var query = EntityQuery()
        query.entityType = entity.entityType
        query.limit = 100
        return try await site.store.entities(query).entities.filter { $0.id != entity.id }.map {
            ["id": $0.id, "name": "\(EntityNames.text($0)), \(Timeline.count($0.occurrenceCount))"]
        }
    }

    private func history(_ cards: EventCards) async throws(StorageError) -> [PageView] {
        var query = AdjustmentQuery()
        query.entityID = entity.id
        query.limit = 20
        return try await site.store.adjustments(query).adjustments.map { VisitorHistory.view($0, cards) }
    }
}
