// SPDX-License-Identifier: MIT
internal import EventStorage
internal import HTTPTypes
internal import JSONValues

extension Problem {
    /// The one place where refused decisions about entities become statuses.
    init(_ error: EntityDecisionError) {
        switch error {
        case .storage(let error): self.init(error)
        case .eventNotFound, .entityNotFound, .eventNotOfEntity, .adjustmentNotFound:
            self.init(.notFound, .string(error.description))
        case .cannotUndo: self.init(.conflict, .string(error.description))
        case .sameEntity(let id):
            self = .invalid([.value(error.description, ["body", "secondary_entity_id"], .string(id))])
        case .nothingLeft(let id):
            self = .invalid([.value(error.description, ["body", "event_ids"], .string(id))])
        }
    }

    static func entityNotFound(_ id: String) -> Problem {
        Problem(EntityDecisionError.entityNotFound(id: id))
    }
}
