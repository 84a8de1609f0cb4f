// SPDX-License-Identifier: MIT

/// What falls from the sky.
package enum Weather: String, CaseIterable, Sendable {
    case clear, rain
}
