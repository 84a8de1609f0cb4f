// SPDX-License-Identifier: MIT

/// An embedding with what a search filters by.
public struct StoredVector: Sendable, Hashable {
    /// The number of the event's row, which it keeps for life.
    public let sequence: Int64
    /// The event's time.
    public let timestamp: Timestamp
    /// The event's camera.
    public let cameraID: String
    /// The event's objects as bits: ``ObjectType/mask(_:)``.
    public let objectMask: Int64
    /// The weights that made the vector.
    public let modelVersion: String
    /// The vector; nil where the stored text is not one.
    public let values: [Float]?

    /// An embedding of an event.
    public init(
        sequence: Int64, timestamp: Timestamp, cameraID: String, objectMask: Int64, modelVersion: String,
        values: [Float]?
    ) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.cameraID = cameraID
        self.objectMask = objectMask
        self.modelVersion = modelVersion
        self.values = values
    }
}
