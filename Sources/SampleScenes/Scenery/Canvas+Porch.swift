// SPDX-License-Identifier: MIT

extension Canvas {
    /// Draws a front door with its step, a plant and a wall lamp.
    mutating func drawPorch(seed: UInt64) {
        drawBricks(seed: seed)
        let paving = Paint(Color(150, 146, 140), Color(186, 180, 170))
        fillRectangle(
            x: 0, y: 640, width: 1600, height: 260, paving.grained(10, width: 18, height: 9, seed: seed &+ 3))
        for x in stride(from: -2400.0, through: 4000, by: 400) {
            fillLine(
                from: Point(800 + (x - 800) * 0.55, 640), to: Point(x, 900), thickness: 4,
                Paint(.black, opacity: 0.2))
        }
        fillRectangle(x: 0, y: 712, width: 1600, height: 4, Paint(.black, opacity: 0.2))
        drawDoor()
        fillRectangle(
            x: 880, y: 628, width: 460, height: 26, Paint(Color(206, 202, 194), Color(150, 146, 140)))
        fill(
            [Point(940, 656), Point(1280, 656), Point(1310, 704), Point(910, 704)],
            Paint(Color(92, 70, 52)).grained(14, width: 6, height: 6, seed: seed &+ 4))
        drawPlant(seed: seed)
        fillRectangle(x: 800, y: 190, width: 34, height: 60, Paint(Color(40, 40, 44)))
        fillRectangle(x: 806, y: 200, width: 22, height: 40, Paint(Color(250, 240, 206)))
    }

    private mutating func drawBricks(seed: UInt64) {
        fillRectangle(x: 0, y: 0, width: 1600, height: 640, Paint(Color(196, 186, 176)))
        let noise = Noise(seed: seed)
        for row in 0..<16 {
            let shift = row % 2 == 0 ? 0.0 : -50
            for column in 0..<17 {
                let tone = noise.uniform(column, row) * 14
                let brick = Color(168 + tone, 96 + tone * 0.8, 76 + tone * 0.7)
                fillRectangle(
                    x: shift + Double(column) * 100 + 3, y: Double(row) * 40 + 3, width: 94, height: 34,
                    Paint(brick, brick * 0.93))
            }
        }
    }

    private mutating func drawDoor() {
        fillRectangle(
            x: 930, y: 96, width: 360, height: 536, Paint(Color(240, 238, 232), Color(222, 218, 210)))
        fillRectangle(x: 956, y: 122, width: 308, height: 510, Paint(Color(38, 92, 84), Color(26, 70, 64)))
        fillRectangle(
            x: 996, y: 160, width: 228, height: 120, Paint(Color(150, 176, 190), Color(84, 104, 118)))
        fillRectangle(x: 1106, y: 160, width: 8, height: 120, Paint(Color(38, 92, 84)))
        for (x, y) in [(996.0, 320.0), (1120, 320), (996, 470), (1120, 470)] {
            fillRectangle(x: x, y: y, width: 104, height: 126, Paint(Color(22, 60, 54), Color(46, 104, 94)))
        }
        fillEllipse(
            Point(976, 400), radiusX: 10, radiusY: 12, Paint(Color(224, 190, 90), Color(150, 116, 40)))
    }

    private mutating func drawPlant(seed: UInt64) {
        let noise = Noise(seed: seed &+ 5)
        fill(
            [Point(1400, 560), Point(1540, 560), Point(1516, 684), Point(1424, 684)],
            Paint(Color(190, 104, 66), Color(140, 70, 42)))
        for leaf in 0..<26 {
            let x = 1470 + Double(noise.uniform(leaf, 0)) * 84
            let y = 480 + Double(noise.uniform(leaf, 1)) * 84
            let green = Color(56, 122, 60).mixed(with: Color(120, 164, 74), (noise.uniform(leaf, 2) + 1) / 2)
            fillEllipse(Point(x, y), radiusX: 34, radiusY: 20, Paint(green, green * 0.7))
        }
    }
}
