// SPDX-License-Identifier: MIT

/// Brightness texture of lawns, asphalt and walls: two octaves of smooth noise.
struct Grain: Sendable {
    /// Largest change of a channel, 0…255.
    let amount: Float
    /// Patch size in sheet units.
    let width: Double
    let height: Double
    let noise: Noise

    func value(x: Double, y: Double) -> Float {
        let (u, v) = (x / width, y / height)
        return amount * (0.6 * noise.smooth(u, v) + 0.4 * noise.smooth(3 * u + 17, 3 * v + 5))
    }
}
