// SPDX-License-Identifier: MIT

extension Canvas {
    /// Turns the noon drawing into the given light, before lamps are added.
    mutating func apply(_ light: Daylight) {
        let tint = light.tint
        update { _, _, color in
            guard light == .infrared else { return color * tint }
            // Infrared: leaves and cloth reflect more than they do in daylight, so red and green weigh more.
            let level = 0.45 * color.red + 0.45 * color.green + 0.1 * color.blue
            return Color(level, level, level) * tint
        }
        if light == .infrared {
            brighten(Point(800, 560), radiusX: 1050, radiusY: 620, by: Color(1.7, 1.7, 1.7))
        }
    }

    /// Switches the lamps of a place on.
    mutating func lightLamps(_ place: Place) {
        switch place {
        case .drive:
            brighten(Point(800, 860), radiusX: 900, radiusY: 420, by: Color(3.4, 3, 2.1))
            for x in [1078.0, 1323] { addGlow(Point(x, 211), radiusX: 62, radiusY: 50, Color(150, 110, 50)) }
        case .porch:
            brighten(Point(860, 360), radiusX: 820, radiusY: 620, by: Color(4.6, 3.9, 2.4))
            addGlow(Point(817, 220), radiusX: 120, radiusY: 120, Color(230, 200, 130))
        case .street:
            brighten(Point(894, 560), radiusX: 760, radiusY: 420, by: Color(4.4, 3.8, 2.6))
            addGlow(Point(894, 174), radiusX: 130, radiusY: 100, Color(240, 214, 150))
            for x in [70.0, 410, 790, 1290] {
                addGlow(Point(x, 250), radiusX: 64, radiusY: 70, Color(130, 96, 44))
            }
        }
    }

    /// Switches a car's headlights on: two from the front, or one beam to the right from its side.
    mutating func lightHeadlights(_ place: Place, ground: Point, scale: Double) {
        let white = Color(255, 246, 220)
        if place == .street {
            addGlow(Point(ground.x + 222 * scale, ground.y - 82 * scale), radiusX: 70, radiusY: 56, white)
            addGlow(
                Point(ground.x + 420 * scale, ground.y - 20 * scale), radiusX: 300, radiusY: 70, white * 0.5)
            addGlow(
                Point(ground.x - 226 * scale, ground.y - 88 * scale), radiusX: 40, radiusY: 40,
                Color(200, 20, 10))
            return
        }
        for side in [-1.0, 1.0] {
            addGlow(
                Point(ground.x + side * 114 * scale, ground.y - 106 * scale), radiusX: 96, radiusY: 84,
                white * 1.2)
            addGlow(
                Point(ground.x + side * 130 * scale, ground.y + 60 * scale), radiusX: 240, radiusY: 110,
                white * 0.45)
        }
    }
}
