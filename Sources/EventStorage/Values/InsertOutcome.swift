// SPDX-License-Identifier: MIT

/// What became of an event that was to be stored.
public enum InsertOutcome: Sendable, Hashable {
    /// It is new and stored.
    case created(Event)
    /// The same event was stored before; here it is.
    case existing(Event)
    /// Another event has this id.
    case conflict
}
