// SPDX-License-Identifier: MIT

/// Position embeddings of the stand-in image tower: low-order surfaces, so that neighbours are alike.
struct StandInPositions: Sendable {
    let width: Int
    let gridSide: Int
    let coefficients: CounterNormals

    /// The row for `token`; token 0 is the class token, which has no place.
    func row(_ token: Int) -> [Float] {
        guard token > 0 else { return [] }
        let reach = Float(gridSide - 1)
        let x = Float(2 * ((token - 1) % gridSide)) / reach - 1
        let y = Float(2 * ((token - 1) / gridSide)) / reach - 1
        let surfaces = [x, y, x * y, x * x - 0.5, y * y - 0.5]
        let lookCount = StandInBands.lookCount(width: width)
        return (0..<width).map { channel in
            var value: Float = 0
            for (index, surface) in surfaces.enumerated() {
                value += coefficients[channel * surfaces.count + index] * surface
            }
            return value * (channel < lookCount ? 0.0625 : 1)
        }
    }
}
