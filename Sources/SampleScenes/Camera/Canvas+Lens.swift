// SPDX-License-Identifier: MIT

extension Canvas {
    /// Draws slanted translucent streaks and washes the colours out.
    mutating func drawRain(seed: UInt64) {
        update { _, _, color in
            color.mixed(with: Color(color.luminance, color.luminance, color.luminance + 6), 0.4) * 0.82
        }
        let noise = Noise(seed: seed)
        for drop in 0..<260 {
            let x = Double(noise.uniform(drop, 0)) * 820 + 800
            let y = Double(noise.uniform(drop, 1)) * 460 + 440
            let length = 40 + Double(noise.uniform(drop, 2)) * 20
            fillLine(
                from: Point(x, y), to: Point(x - length / 5, y + length), thickness: 2.2,
                Paint(Color(214, 222, 230), opacity: 0.3))
        }
    }

    /// Darkens the corners and adds the sensor's noise.
    mutating func applySensor(noise amount: Float, isGrey: Bool, seed: UInt64) {
        let (columns, rows) = (Float(width), Float(height))
        let noise = [Noise(seed: seed), Noise(seed: seed &+ 1), Noise(seed: seed &+ 2)]
        update { column, row, color in
            let u = (2 * Float(column) + 1) / columns - 1
            let v = (2 * Float(row) + 1) / rows - 1
            let shaded = color * (1 - 0.13 * (u * u + v * v))
            let red = noise[0].normal(column, row) * amount
            if isGrey { return shaded + Color(red, red, red) }
            return shaded
                + Color(red, noise[1].normal(column, row) * amount, noise[2].normal(column, row) * amount)
        }
    }
}
