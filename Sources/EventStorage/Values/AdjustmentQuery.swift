// SPDX-License-Identifier: MIT

/// A page of the owner's decisions, the latest first; what is nil does not restrict.
public struct AdjustmentQuery: Sendable, Hashable {
    /// Decisions of this kind.
    public var action: EntityAdjustment.Action?
    /// Decisions about this entity.
    public var entityID: String?
    /// Decisions at or after this moment.
    public var startTime: Timestamp?
    /// Decisions at or before this moment.
    public var endTime: Timestamp?
    /// Most decisions on the page.
    public var limit = 50
    /// Decisions to pass over first.
    public var offset = 0

    /// The first page of all decisions.
    public init() {}
}
