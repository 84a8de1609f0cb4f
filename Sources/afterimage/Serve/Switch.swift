// SPDX-License-Identifier: MIT

/// What is switched on or off.
enum Switch: String, CaseIterable, Sendable {
    case on, off
}
