// SPDX-License-Identifier: MIT

/// Number of a camera's events in one quarter hour with the same objects.
package struct ActivityCount: Sendable, Hashable {
    /// Quarter hours since 1970-01-01 00:00 UTC.
    package let quarter: Int
    /// How many they are, at least 1.
    package let eventCount: Int
    /// What was recognised in each of the events, as bits: there are many thousand of these values.
    let objectMask: Int64

    package init(quarter: Int, objects: [ObjectType], eventCount: Int) {
        self.init(quarter: quarter, objectMask: ObjectType.mask(objects), eventCount: eventCount)
    }

    init(quarter: Int, objectMask: Int64, eventCount: Int) {
        self.quarter = quarter
        self.objectMask = objectMask
        self.eventCount = eventCount
    }

    /// Whether the object was recognised in the events.
    package func contains(_ type: ObjectType) -> Bool { objectMask & type.mask != 0 }
}
