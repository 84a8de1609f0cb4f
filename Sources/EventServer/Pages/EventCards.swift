// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import TemporalContext

/// Events as cards of a page.
struct EventCards: Sendable {
    let answers: EventAnswer
    let timeZone: TimeZone
    /// When the page was asked for.
    let now: LocalMoment

    init(answers: EventAnswer, timeZone: TimeZone) {
        self.answers = answers
        self.timeZone = timeZone
        now = LocalMoment(.now(), in: timeZone)
    }

    func local(_ moment: Timestamp) -> LocalMoment { LocalMoment(moment, in: timeZone) }

    /// The card of an event.
    ///
    /// - Parameters:
    ///   - event: What it shows.
    ///   - terms: The search that the list belongs to, which links keep.
    /// - Returns: For the template `card`.
    func card(_ event: Event, terms: SearchTerms) -> PageView {
        let moment = local(event.timestamp)
        let isReady = event.embeddingState == .ready
        return [
            "id": event.id, "href": PageLocation.path("/events", event.id),
            "image": picture(of: event), "alt": Self.alt(event, moment, now: now),
            "iso": event.timestamp.iso8601, "clock": moment.clock, "day": moment.shortDay(now: now),
            "camera": event.cameraName, "labels": Self.labels(event).joined(separator: ", "),
            "description": event.description.isEmpty ? nil : event.description,
            "entity": event.matchedEntity.map(Self.chip), "isAlert": event.alertTriggered,
            "unusual": Self.unusual(event),
            "similar": isReady
                ? PageLocation("/", [("q", terms.text), ("similar", event.id)]).text : nil,
            "state": event.embeddingState.rawValue, "note": Self.note(event),
            "retry": event.embeddingState == .failed
                ? PageLocation.path("/events", event.id, "/retry") : nil,
            "likeness": nil, "showsDay": nil, "isChoice": nil,
        ]
    }

    /// The card of a visitor.
    ///
    /// - Returns: For the template `who`.
    func visitor(_ entity: RecognizedEntity) -> PageView {
        let last = local(entity.lastSeenAt)
        return [
            "href": PageLocation.path("/visitors", entity.id), "name": EntityNames.text(entity),
            "image": entity.cover.flatMap { answers.thumbnailURL(of: $0) },
            "kind": entity.kind == .unknown ? nil : entity.kind.rawValue,
            "type": entity.entityType.rawValue,
            "count": entity.occurrenceCount == 1 ? "seen once" : "\(entity.occurrenceCount.grouped) events",
            "iso": entity.lastSeenAt.iso8601, "last": "\(last.shortDay(now: now)) \(last.clock)",
            "word": nil,
        ]
    }

    /// Where the picture is; nil where a browser would show its sign for a broken one.
    private func picture(of event: Event) -> String? {
        switch event.embeddingFailure?.code {
        case "undecodable_image", "thumbnail_missing": nil
        default: answers.thumbnailURL(of: event)
        }
    }

    /// What a picture shows, for those who do not see it.
    static func alt(_ event: Event, _ moment: LocalMoment, now: LocalMoment) -> String {
        let what = labels(event).joined(separator: ", ")
        return "\(what.isEmpty ? "Event" : what.capitalizedFirst) at \(event.cameraName), "
            + "\(moment.shortDay(now: now)) \(moment.clock)"
    }

    /// What was recognised, several of a kind with their number.
    static func labels(_ event: Event) -> [String] {
        var counts: [(name: String, count: Int)] = []
        for name in event.objectsDetected where name != "unknown" {
            if let known = counts.firstIndex(where: { $0.name == name }) {
                counts[known].count += 1
            } else {
                counts.append((name, 1))
            }
        }
        var labels = counts.map { $0.count == 1 ? $0.name : "\($0.count) × \($0.name)" }
        if event.isDoorbellRing { labels.append("doorbell") }
        if labels.isEmpty, let type = event.smartDetectionType { labels = [type] }
        return labels
    }

    /// Who it was, as far as looks tell.
    private static func chip(_ entity: MatchedEntity) -> PageView {
        [
            "href": PageLocation.path("/visitors", entity.id),
            "name": EntityNames.name(entity.name, type: entity.entityType, id: entity.id),
            "count": entity.isFirstSeen
                ? "new" : entity.occurrenceCount == 1 ? "once" : "\(entity.occurrenceCount)×",
            "isNew": entity.isFirstSeen,
        ]
    }

    /// Why the event is out of the ordinary; nil when it is not, or not by much.
    private static func unusual(_ event: Event) -> String? {
        guard let score = event.anomaly?.score, score >= 0.6 else { return nil }
        let reasons = reasons(event)
        return reasons.isEmpty ? nil : reasons
    }

    /// What makes the event unusual for its camera, with commas between; empty for nothing.
    static func reasons(_ event: Event) -> String {
        (event.anomaly?.reasons ?? []).compactMap { reason in
            switch reason {
            case .unusualHour: "unusual hour"
            case .unusualObject: "rare here"
            case .newObject: "never seen here"
            case .unusualBurst: "many at once"
            case .notEnoughHistory: nil
            }
        }.joined(separator: ", ")
    }

    /// Where the event stands, in a sentence.
    static func state(_ event: Event) -> String {
        switch event.embeddingState {
        case .ready: "indexed"
        case .pending: "waits to be indexed"
        case .noThumbnail: "nothing to index, as there is no picture"
        case .failed: failure(event.embeddingFailure)
        }
    }

    /// Where the event stands when it cannot be compared yet.
    private static func note(_ event: Event) -> String? {
        switch event.embeddingState {
        case .ready: nil
        case .pending: "not indexed yet"
        case .noThumbnail: "no picture"
        case .failed: failure(event.embeddingFailure)
        }
    }

    static func failure(_ failure: EmbeddingFailure?) -> String {
        switch failure?.code {
        case "undecodable_image", "unsupported_format": "picture unreadable"
        case "thumbnail_missing": "picture missing"
        default: "not indexed"
        }
    }
}

/// What entities are called that have no name.
enum EntityNames {
    /// The owner's name, or a type with the beginning of the identifier, which stays the same.
    static func name(_ name: String?, type: String, id: String) -> String {
        if let name, !name.isEmpty { return name }
        let noun = type == "person" ? "Visitor" : type == "vehicle" ? "Vehicle" : "Unknown"
        return "\(noun) \(id.prefix(4))"
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
