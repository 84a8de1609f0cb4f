// SPDX-License-Identifier: MIT

/// A camera that events come from.
public struct Camera: Sendable, Hashable {
    /// Identifier, chosen by the client or a UUID.
    public let id: String
    /// Name for people; the identifier when an event brought the camera.
    public let name: String
    /// When it was first heard of.
    public let createdAt: Timestamp

    /// A camera.
    public init(id: String, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}
