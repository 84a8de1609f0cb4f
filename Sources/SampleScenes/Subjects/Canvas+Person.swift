// SPDX-License-Identifier: MIT

extension Canvas {
    /// Draws a standing person, feet on `ground`, 260 units tall at scale 1.
    mutating func drawPerson(jacket: Color, ground: Point, scale: Double, carryingParcel: Bool) {
        let at = { (x: Double, y: Double) in Point(ground.x + x * scale, ground.y + y * scale) }
        let trousers = Paint(Color(58, 62, 80), Color(34, 36, 48))
        let skin = Color(214, 168, 138)
        let shade = jacket.mixed(with: .black, 0.3)
        fillEllipse(at(14, 0), radiusX: 62 * scale, radiusY: 12 * scale, Paint(.black, opacity: 0.4))
        fill([at(-30, -128), at(-2, -128), at(-8, -8), at(-32, -8)], trousers)
        fill([at(2, -128), at(30, -128), at(36, -8), at(12, -8)], trousers)
        fillEllipse(at(-24, -6), radiusX: 19 * scale, radiusY: 9 * scale, Paint(Color(26, 22, 22)))
        fillEllipse(at(26, -6), radiusX: 19 * scale, radiusY: 9 * scale, Paint(Color(26, 22, 22)))
        fill(
            [at(-36, -110), at(-42, -196), at(-26, -214), at(26, -214), at(42, -196), at(36, -110)],
            Paint(jacket, shade))
        fillRectangle(
            x: ground.x - 8 * scale, y: ground.y - 226 * scale, width: 16 * scale, height: 16 * scale,
            Paint(skin))
        fillEllipse(at(0, -238), radiusX: 20 * scale, radiusY: 24 * scale, Paint(skin))
        fillEllipse(at(0, -250), radiusX: 22 * scale, radiusY: 15 * scale, Paint(Color(50, 36, 28)))
        let reach = carryingParcel ? 14.0 : 52
        for side in [-1.0, 1.0] {
            fill(
                [
                    at(side * 38, -206), at(side * 54, -190), at(side * (reach + 10), -120),
                    at(side * (reach - 10), -118),
                ], Paint(shade))
            fillEllipse(at(side * reach, -116), radiusX: 9 * scale, radiusY: 10 * scale, Paint(skin))
        }
        if carryingParcel { drawParcel(ground: at(0, -112), scale: 0.62 * scale) }
    }

    /// Draws a cardboard box resting on `ground`, 120 units wide at scale 1.
    mutating func drawParcel(ground: Point, scale: Double) {
        let at = { (x: Double, y: Double) in Point(ground.x + x * scale, ground.y + y * scale) }
        fillEllipse(at(8, -2), radiusX: 84 * scale, radiusY: 12 * scale, Paint(.black, opacity: 0.35))
        fill(
            [at(-60, 0), at(-60, -84), at(60, -84), at(60, 0)],
            Paint(Color(196, 150, 96), Color(166, 122, 74)))
        fill([at(-60, -84), at(-36, -108), at(84, -108), at(60, -84)], Paint(Color(224, 184, 130)))
        fill([at(60, 0), at(60, -84), at(84, -108), at(84, -26)], Paint(Color(140, 100, 58)))
        fill([at(-8, 0), at(-8, -84), at(10, -84), at(10, 0)], Paint(Color(222, 202, 158)))
        fill([at(-8, -84), at(16, -108), at(34, -108), at(10, -84)], Paint(Color(238, 222, 180)))
        fillRectangle(
            x: ground.x + 20 * scale, y: ground.y - 66 * scale, width: 30 * scale, height: 24 * scale,
            Paint(Color(246, 246, 242)))
    }
}
