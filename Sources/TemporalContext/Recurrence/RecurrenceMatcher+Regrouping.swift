// SPDX-License-Identifier: MIT
package import EventStorage

extension RecurrenceMatcher {
    /// A picture of a camera whose event has an entity.
    package struct LinkedPicture: Sendable {
        package let eventID: String
        package let type: EntityType
        package let values: [Float]
        package let entityID: String
        /// Whether the owner has decided about the event or its entity.
        package let isFixed: Bool
        package let excluded: Set<String>
        /// Events of the entity, at any camera and any time.
        package let entityEventCount: Int

        package init(
            eventID: String, type: EntityType, values: [Float], entityID: String, isFixed: Bool,
            excluded: Set<String>, entityEventCount: Int = 0
        ) {
            self.eventID = eventID
            self.type = type
            self.values = values
            self.entityID = entityID
            self.isFixed = isFixed
            self.excluded = excluded
            self.entityEventCount = entityEventCount
        }
    }

    /// The events of a camera that belong elsewhere, now that more is known of its pictures.
    ///
    /// - Parameters:
    ///   - cameraID: The camera.
    ///   - pictures: Its latest pictures with entities, the earliest first.
    ///   - newID: Makes identifiers of new entities.
    /// - Returns: Where each of them goes.
    package func regroup(
        cameraID: String, pictures: [LinkedPicture], newID: () -> String
    ) -> [RegroupedEvent] {
        var regrouped: [RegroupedEvent] = []
        for type in [EntityType.person, .vehicle] {
            let members = pictures.filter { $0.type == type }.compactMap { picture in
                residual(picture.values, cameraID).map {
                    EntityRegrouping.Member(
                        eventID: picture.eventID, vector: $0, entityID: picture.entityID,
                        isFixed: picture.isFixed, excluded: picture.excluded,
                        entityEventCount: picture.entityEventCount)
                }
            }
            let regrouping = EntityRegrouping(
                members, threshold: threshold(cameraID: cameraID, type: type))
            for move in regrouping.moves() {
                let entity = move.entityID ?? newID()
                regrouped += move.members.map {
                    RegroupedEvent(
                        eventID: $0.member.eventID, oldEntityID: $0.member.entityID, newEntityID: entity,
                        isNewEntity: move.entityID == nil, score: Self.rounded($0.score))
                }
            }
        }
        return regrouped
    }
}
