// SPDX-License-Identifier: MIT

/// Which events a listing holds; what is nil or empty does not restrict.
public struct EventFilter: Sendable, Hashable {
    /// Events of this camera.
    public var cameraID: String?
    /// Events at or after this moment.
    public var startTime: Timestamp?
    /// Events at or before this moment.
    public var endTime: Timestamp?
    /// Events with at least this confidence.
    public var minConfidence: Int?
    /// Events in which any of these was recognised.
    public var objectTypes: [ObjectType]
    /// Events for which the camera's own detector said this.
    public var smartDetectionType: SmartDetectionType?
    /// Events whose description has all of these words, the last perhaps unfinished.
    public var searchWords: String?
    /// Events in this state.
    public var embeddingState: EmbeddingState?
    /// Events matched to this entity.
    public var entityID: String?

    /// A filter.
    public init(
        cameraID: String? = nil, startTime: Timestamp? = nil, endTime: Timestamp? = nil,
        minConfidence: Int? = nil, objectTypes: [ObjectType] = [],
        smartDetectionType: SmartDetectionType? = nil,
        searchWords: String? = nil, embeddingState: EmbeddingState? = nil, entityID: String? = nil
    ) {
        self.cameraID = cameraID
        self.startTime = startTime
        self.endTime = endTime
        self.minConfidence = minConfidence
        self.objectTypes = objectTypes
        self.smartDetectionType = smartDetectionType
        self.searchWords = searchWords
        self.embeddingState = embeddingState
        self.entityID = entityID
    }
}
