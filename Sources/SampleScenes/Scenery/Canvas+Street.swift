// SPDX-License-Identifier: MIT

extension Canvas {
    /// Draws a street from across it: a row of houses, trees, pavement, carriageway.
    mutating func drawStreet(seed: UInt64) {
        fillRectangle(x: 0, y: 0, width: 1600, height: 480, Paint(Color(140, 178, 218), Color(220, 228, 232)))
        let noise = Noise(seed: seed)
        let walls = [
            Color(206, 186, 150), Color(172, 92, 74), Color(214, 208, 196), Color(150, 166, 178),
            Color(202, 170, 116),
        ]
        for house in 0..<5 {
            let top = 150 + Double(noise.uniform(house, 3)) * 36
            drawTownHouse(x: Double(house) * 340 - 60, top: top, wall: walls[house])
        }
        fillRectangle(
            x: 0, y: 520, width: 1600, height: 70,
            Paint(Color(160, 158, 154), Color(182, 178, 172)).grained(
                8, width: 16, height: 6, seed: seed &+ 1))
        fillRectangle(
            x: 0, y: 588, width: 1600, height: 12, Paint(Color(206, 204, 198), Color(120, 118, 114)))
        fillRectangle(
            x: 0, y: 600, width: 1600, height: 300,
            Paint(Color(84, 86, 90), Color(100, 102, 106)).grained(10, width: 12, height: 5, seed: seed &+ 2))
        for x in stride(from: 20.0, to: 1600, by: 270) {
            fill(
                [Point(x, 742), Point(x + 130, 742), Point(x + 126, 756), Point(x - 6, 756)],
                Paint(Color(226, 224, 214)))
        }
        drawTree(Point(300, 560), seed: seed &+ 3)
        drawTree(Point(1330, 560), seed: seed &+ 4)
        drawStreetLamp(Point(820, 590))
    }

    private mutating func drawTownHouse(x: Double, top: Double, wall: Color) {
        fill(
            [Point(x, top), Point(x + 44, top - 74), Point(x + 296, top - 74), Point(x + 340, top)],
            Paint(Color(96, 84, 80), Color(120, 92, 82)))
        fillRectangle(x: x, y: top, width: 340, height: 520 - top, Paint(wall, wall * 0.9))
        for row in 0..<2 {
            for column in 0..<3 {
                let (left, y) = (x + 40 + Double(column) * 100, top + 34 + Double(row) * 150)
                if row == 1 && column == 1 {
                    fillRectangle(
                        x: left - 4, y: y - 6, width: 68, height: 526 - y,
                        Paint(Color(86, 52, 44), Color(60, 36, 32)))
                } else {
                    fillRectangle(x: left - 6, y: y - 6, width: 72, height: 92, Paint(Color(240, 238, 232)))
                    fillRectangle(
                        x: left, y: y, width: 60, height: 80, Paint(Color(96, 118, 140), Color(46, 58, 72)))
                }
            }
        }
    }

    private mutating func drawTree(_ foot: Point, seed: UInt64) {
        let noise = Noise(seed: seed)
        fill(
            [
                Point(foot.x - 16, foot.y), Point(foot.x - 9, foot.y - 210), Point(foot.x + 9, foot.y - 210),
                Point(foot.x + 16, foot.y),
            ],
            Paint(Color(92, 70, 50), Color(66, 48, 36)))
        for puff in 0..<14 {
            let x = foot.x + Double(noise.uniform(puff, 0)) * 92
            let y = foot.y - 270 + Double(noise.uniform(puff, 1)) * 84
            let leaf = Color(50, 104, 48).mixed(with: Color(112, 150, 64), (noise.uniform(puff, 2) + 1) / 2)
            fillEllipse(
                Point(x, y), radiusX: 62, radiusY: 52,
                Paint(leaf, leaf * 0.65).grained(14, width: 14, height: 12, seed: seed &+ UInt64(puff)))
        }
    }

    private mutating func drawStreetLamp(_ foot: Point) {
        fillRectangle(x: foot.x - 5, y: foot.y - 420, width: 10, height: 420, Paint(Color(70, 74, 78)))
        fillRectangle(x: foot.x - 5, y: foot.y - 424, width: 74, height: 8, Paint(Color(70, 74, 78)))
        fillEllipse(Point(foot.x + 74, foot.y - 416), radiusX: 26, radiusY: 10, Paint(Color(236, 232, 214)))
    }
}
