// SPDX-License-Identifier: MIT

extension Canvas {
    /// Draws a car from the front, standing on `ground`, 300 units wide at scale 1.
    mutating func drawCarFront(_ paint: Color, ground: Point, scale: Double) {
        let at = { (x: Double, y: Double) in Point(ground.x + x * scale, ground.y + y * scale) }
        let light = paint.mixed(with: .white, 0.22)
        let shade = paint.mixed(with: .black, 0.35)
        let black = Paint(Color(18, 18, 20))
        fillEllipse(at(0, -4), radiusX: 185 * scale, radiusY: 26 * scale, Paint(.black, opacity: 0.5))
        for side in [-1.0, 1.0] {
            fill([at(side * 92, -60), at(side * 146, -60), at(side * 144, 0), at(side * 100, 0)], black)
            fillEllipse(at(side * 138, -172), radiusX: 18 * scale, radiusY: 12 * scale, Paint(shade))
        }
        fill(
            [
                at(-150, -34), at(-153, -112), at(-136, -146), at(136, -146), at(153, -112), at(150, -34),
                at(128, -20), at(-128, -20),
            ], Paint(paint, shade))
        fill(
            [at(-138, -142), at(-114, -168), at(114, -168), at(138, -142), at(120, -122), at(-120, -122)],
            Paint(light, paint))
        fill(
            [at(-114, -164), at(-86, -238), at(-66, -250), at(66, -250), at(86, -238), at(114, -164)],
            Paint(light, shade))
        fill(
            [at(-100, -168), at(-78, -232), at(78, -232), at(100, -168)],
            Paint(Color(96, 116, 132), Color(26, 32, 40)))
        fill([at(-60, -170), at(-30, -230), at(4, -230), at(-26, -170)], Paint(.white, opacity: 0.16))
        fill([at(-64, -112), at(64, -112), at(54, -76), at(-54, -76)], black)
        fillRectangle(
            x: ground.x - 150 * scale, y: ground.y - 60 * scale, width: 300 * scale, height: 7 * scale,
            Paint(.black, opacity: 0.45))
        fill([at(-36, -66), at(36, -66), at(36, -46), at(-36, -46)], Paint(Color(232, 230, 214)))
        for side in [-1.0, 1.0] {
            fillEllipse(
                at(side * 112, -106), radiusX: 31 * scale, radiusY: 17 * scale,
                Paint(Color(236, 238, 232), Color(150, 156, 160)))
            fillEllipse(at(side * 116, -106), radiusX: 12 * scale, radiusY: 12 * scale, Paint(.white))
        }
    }

    /// Draws a car from its side, driving right, 460 units long at scale 1.
    mutating func drawCarSide(_ paint: Color, ground: Point, scale: Double) {
        let at = { (x: Double, y: Double) in Point(ground.x + x * scale, ground.y + y * scale) }
        let light = paint.mixed(with: .white, 0.25)
        let shade = paint.mixed(with: .black, 0.4)
        let glass = Paint(Color(110, 130, 146), Color(34, 42, 52))
        fillEllipse(at(0, 0), radiusX: 250 * scale, radiusY: 16 * scale, Paint(.black, opacity: 0.5))
        fill(
            [
                at(-228, -36), at(-232, -84), at(-214, -108), at(-150, -114), at(-96, -166), at(-70, -174),
                at(50, -174), at(76, -166), at(128, -114), at(206, -98), at(230, -72), at(230, -36),
                at(200, -22),
                at(-206, -22),
            ], Paint(light, shade))
        fill([at(-134, -114), at(-90, -158), at(-18, -160), at(-18, -112)], glass)
        fill([at(-8, -112), at(-8, -160), at(50, -160), at(66, -154), at(108, -112)], glass)
        fillRectangle(
            x: ground.x - 226 * scale, y: ground.y - 66 * scale, width: 454 * scale, height: 4 * scale,
            Paint(.black, opacity: 0.3))
        for x in [-134.0, 136] {
            fillEllipse(at(x, -36), radiusX: 42 * scale, radiusY: 42 * scale, Paint(Color(20, 20, 22)))
            fillEllipse(
                at(x, -36), radiusX: 24 * scale, radiusY: 24 * scale,
                Paint(Color(180, 184, 188), Color(100, 104, 110)))
            fillEllipse(at(x, -36), radiusX: 7 * scale, radiusY: 7 * scale, Paint(Color(40, 42, 46)))
        }
        fillEllipse(at(220, -82), radiusX: 12 * scale, radiusY: 10 * scale, Paint(Color(244, 240, 214)))
        fillEllipse(at(-224, -88), radiusX: 8 * scale, radiusY: 12 * scale, Paint(Color(190, 30, 26)))
    }
}
