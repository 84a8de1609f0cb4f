// SPDX-License-Identifier: MIT

/// What an entity is to the owner, who alone says it.
public enum EntityKind: String, Sendable, CaseIterable {
    case resident, regular, courier, ignored, unknown
}
