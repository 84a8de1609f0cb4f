// SPDX-License-Identifier: MIT

/// Why an event is unusual for its camera, or why nothing can be said.
public enum AnomalyReason: String, Sendable, CaseIterable {
    /// The camera rarely sees anything at this time of day.
    case unusualHour = "unusual_hour"
    /// The camera rarely sees one of the objects.
    case unusualObject = "unusual_object"
    /// The camera has not seen one of the objects in the time looked at.
    case newObject = "new_object"
    /// The camera has seen many events in a short time.
    case unusualBurst = "unusual_burst"
    /// The camera is too new, or saw too little; there is no score then.
    case notEnoughHistory = "not_enough_history"
}
