// SPDX-License-Identifier: MIT
internal import EventStorage

/// The owner's decisions about visitors, in sentences.
enum VisitorHistory {
    /// For a list of decisions.
    static func view(_ adjustment: EntityAdjustment, _ cards: EventCards) -> PageView {
        let moment = cards.local(adjustment.createdAt)
        let canUndo = adjustment.undoneAt == nil && adjustment.undoes == nil && adjustment.action != nil
        return [
            "text": sentence(adjustment), "iso": adjustment.createdAt.iso8601,
            "when": "\(moment.shortDay(now: cards.now)) \(moment.clock)",
            "isUndone": adjustment.undoneAt != nil, "undo": canUndo ? action(adjustment) : nil,
        ]
    }

    /// The last decision about a visitor, with a button to take it back; nil when there is none.
    static func flash(of id: String, _ site: PageSite) async throws(StorageError) -> PageView? {
        var query = AdjustmentQuery()
        query.entityID = id
        query.limit = 1
        guard let last = try await site.store.adjustments(query).adjustments.first, last.undoneAt == nil,
            last.undoes == nil
        else { return nil }
        return ["text": "\(sentence(last)).", "undo": action(last), "back": nil]
    }

    private static func action(_ adjustment: EntityAdjustment) -> String {
        PageLocation.path("/adjustments", adjustment.id, "/undo")
    }

    private static func sentence(_ adjustment: EntityAdjustment) -> String {
        let events = Timeline.count(adjustment.eventCount)
        let old = name(adjustment.oldEntityName, adjustment.oldEntityID)
        let new = name(adjustment.newEntityName, adjustment.newEntityID)
        return switch adjustment.action {
        case .assign: "Event put to \(new)"
        case .move: "Event moved from \(old) to \(new)"
        case .unlink: "Event taken out of \(old); it will not return there by itself"
        case .merge: "\(old) merged into \(new), \(events) moved"
        case .split: "\(events) split off from \(old) as \(new)"
        case .group: "\(events) grouped as \(new)"
        case .distinguish: "\(old) and \(new) kept apart"
        case .delete: "\(old) dissolved; its events stayed"
        case .undo: "A decision taken back"
        case nil: "A decision of another version"
        }
    }

    private static func name(_ name: String?, _ id: String?) -> String {
        if let name, !name.isEmpty { return "“\(name)”" }
        return id.map { "visitor \($0.prefix(4))" } ?? "a visitor"
    }
}
