// SPDX-License-Identifier: MIT

/// How unusual an event was for its camera when it arrived.
public struct Anomaly: Sendable, Hashable {
    /// 0 for an everyday event, towards 1 for one unlike all others; nil when too little is known.
    public let score: Double?
    /// What makes it unusual, or why there is no score.
    public let reasons: [AnomalyReason]

    /// An anomaly with this score, 0…1.
    public init(score: Double?, reasons: [AnomalyReason]) {
        self.score = score
        self.reasons = reasons
    }
}
