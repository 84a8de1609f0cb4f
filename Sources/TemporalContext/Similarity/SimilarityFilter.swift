// SPDX-License-Identifier: MIT
package import EventStorage
package import Foundation

/// Which events a search compares; what is nil or empty does not restrict.
package struct SimilarityFilter: Sendable {
    /// Events at or after this moment.
    package var earliest: Timestamp?
    /// Events at or before this moment.
    package var latest: Timestamp?
    /// Events of this camera.
    package var cameraID: String?
    /// Events of all cameras but this one.
    package var otherThanCameraID: String?
    /// Events in which any of these was recognised.
    package var objectTypes: [ObjectType] = []
    /// Events in this part of the local day.
    package var hours: HourBand?
    /// Where `hours` are local.
    package var timeZone = TimeZone(secondsFromGMT: 0) ?? .current
    /// Events in these rows, for example those of one visitor.
    package var sequences: Set<Int64>?
    /// Events in these rows are left out.
    package var excluding: Set<Int64> = []
    /// Events between these moments, both included, are left out.
    package var excludedTimes: ClosedRange<Timestamp>?

    /// A filter that leaves nothing out.
    package init() {}
}
