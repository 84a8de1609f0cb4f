// SPDX-License-Identifier: MIT

/// What an entity is; matching compares only entities of one type.
public enum EntityType: String, Sendable, CaseIterable {
    case person, vehicle, unknown
}
