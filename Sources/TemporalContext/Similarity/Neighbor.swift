// SPDX-License-Identifier: MIT
package import EventStorage

/// An event that a search found.
package struct Neighbor: Sendable, Hashable {
    /// The number of the event's row.
    package let sequence: Int64
    /// The event's time.
    package let timestamp: Timestamp
    /// Cosine of its vector and the query, −1…1.
    package let cosine: Double
    /// What the cosine means at this event's camera.
    package var likeness: Likeness
}
