// SPDX-License-Identifier: MIT

/// The light a picture is taken in.
package enum Daylight: String, CaseIterable, Sendable {
    case morning, noon, evening, night
    /// Darkness seen by an infrared lamp at the camera: no colour, bright in the middle.
    case infrared

    /// Lamps and headlights are switched on.
    var isDark: Bool { self == .night || self == .infrared }

    /// Factor of each channel that turns the noon drawing into this light.
    var tint: Color {
        switch self {
        case .morning: Color(1.02, 0.98, 0.9)
        case .noon: Color(1, 1, 1)
        case .evening: Color(0.95, 0.8, 0.68)
        case .night: Color(0.17, 0.2, 0.32)
        case .infrared: Color(0.62, 0.62, 0.62)
        }
    }
}
