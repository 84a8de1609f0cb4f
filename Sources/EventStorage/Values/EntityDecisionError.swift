// SPDX-License-Identifier: MIT

/// Why a decision about entities cannot be carried out.
public enum EntityDecisionError: Error, Equatable, Sendable {
    case eventNotFound(id: String)
    case entityNotFound(id: String)
    /// The event is not one of the entity's.
    case eventNotOfEntity(eventID: String, entityID: String)
    /// Merging an entity with itself.
    case sameEntity(id: String)
    /// Splitting off all events of an entity.
    case nothingLeft(entityID: String)
    case adjustmentNotFound(id: String)
    /// What the decision changed has changed again since.
    case cannotUndo(reason: String)
    case storage(StorageError)
}

extension EntityDecisionError: CustomStringConvertible {
    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .eventNotFound(let id): "Event \(id.prefix(100)) not found"
        case .entityNotFound(let id): "Entity \(id.prefix(100)) not found"
        case .eventNotOfEntity(let event, let entity):
            "Event \(event.prefix(100)) is not one of entity \(entity.prefix(100))"
        case .sameEntity(let id): "Entity \(id.prefix(100)) cannot be merged with itself; give two entities"
        case .nothingLeft(let id):
            "These are all events of entity \(id.prefix(100)); leave at least one with it, or rename it"
        case .adjustmentNotFound(let id): "Adjustment \(id.prefix(100)) not found"
        case .cannotUndo(let reason): reason
        case .storage(let error): error.description
        }
    }
}
