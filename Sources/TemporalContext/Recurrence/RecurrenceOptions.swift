// SPDX-License-Identifier: MIT

/// How events are matched to entities; the defaults come from the experiment in docs/decisions/0009.
public struct RecurrenceOptions: Sendable, Hashable {
    /// Whether events are matched at all.
    public var isEnabled = true
    /// Score from which an event is an entity's, −1…1; nil has it calibrated for each camera and type.
    public var threshold: Double?
    /// Least calibrated threshold.
    public var lowestThreshold = 0.42
    /// Largest calibrated threshold.
    public var highestThreshold = 0.85
    /// Half-widths of the cosines of unrelated pairs by which the threshold stands above their median.
    public var spread = 2.0
    /// Cosine of whole pictures from which they are alike, while too little is known of a camera.
    public var coldThreshold = 0.93
    /// Pictures of a camera from which its states are found.
    public var leastSample = 16
    /// Pictures of a camera that are looked at, the latest.
    public var sampleSize = 512
    /// Most states of a camera: day and night, sun and rain.
    public var stateLimit = 5
    /// Vectors kept of an entity at a camera.
    public var exemplarLimit = 16

    /// The defaults.
    public init() {}
}
