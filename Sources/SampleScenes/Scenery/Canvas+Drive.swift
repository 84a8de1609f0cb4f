// SPDX-License-Identifier: MIT

extension Canvas {
    /// Draws the view from above a garage: sky, the house opposite, the street, a lawn, the drive.
    mutating func drawDrive(seed: UInt64) {
        fillRectangle(x: 0, y: 0, width: 1600, height: 300, Paint(Color(126, 172, 222), Color(206, 222, 234)))
        drawCloud(Point(360, 96), scale: 1)
        drawCloud(Point(1210, 70), scale: 0.8)
        fillRectangle(x: 0, y: 288, width: 1600, height: 34, Paint(Color(110, 138, 84), Color(92, 118, 72)))
        drawHouseOpposite()
        drawHedge(seed: seed)
        fillRectangle(x: 0, y: 318, width: 1600, height: 46, Paint(Color(92, 94, 98), Color(104, 106, 108)))
        fillRectangle(x: 0, y: 364, width: 1600, height: 18, Paint(Color(176, 172, 164)))
        let lawn = Paint(Color(96, 142, 66), Color(62, 104, 44))
        fillRectangle(
            x: 0, y: 382, width: 1600, height: 518, lawn.grained(22, width: 26, height: 13, seed: seed &+ 1))
        let slabs = Paint(Color(178, 172, 164), Color(150, 146, 140))
        fill(
            [Point(560, 364), Point(1040, 364), Point(1520, 900), Point(80, 900)],
            slabs.grained(10, width: 14, height: 7, seed: seed &+ 2))
        for joint in [420.0, 500, 610, 750] {
            fillRectangle(
                x: 560 - (joint - 364) * 480 / 536, y: joint, width: 480 + (joint - 364) * 960 / 536,
                height: (joint - 300) / 80, Paint(.black, opacity: 0.16))
        }
        fillLine(from: Point(800, 364), to: Point(800, 900), thickness: 4, Paint(.black, opacity: 0.14))
    }

    private mutating func drawHouseOpposite() {
        fill(
            [Point(980, 150), Point(1200, 60), Point(1420, 150)],
            Paint(Color(142, 66, 48), Color(116, 52, 40)))
        fillRectangle(
            x: 1010, y: 150, width: 380, height: 160, Paint(Color(232, 216, 186), Color(210, 194, 166)))
        for x in [1045.0, 1290] {
            fillRectangle(x: x, y: 180, width: 66, height: 62, Paint(Color(250, 250, 246)))
            fillRectangle(
                x: x + 6, y: 186, width: 54, height: 50, Paint(Color(84, 108, 134), Color(50, 66, 84)))
        }
        fillRectangle(x: 1170, y: 210, width: 62, height: 100, Paint(Color(74, 50, 40)))
    }

    private mutating func drawHedge(seed: UInt64) {
        let noise = Noise(seed: seed)
        for bush in 0..<17 {
            let lift = Double(noise.uniform(bush, 7)) * 14
            let leaf = Color(44, 92, 48).mixed(with: Color(86, 126, 60), (noise.uniform(bush, 9) + 1) / 2)
            let x = Double(bush) * 100
            guard !(1000...1400).contains(x) else { continue }
            fillEllipse(
                Point(x, 290 + lift), radiusX: 74, radiusY: 58,
                Paint(leaf, leaf * 0.6).grained(16, width: 12, height: 9, seed: seed &+ UInt64(bush)))
        }
    }

    mutating func drawCloud(_ center: Point, scale: Double) {
        for (x, y, radius) in [(-70.0, 6.0, 46.0), (0, -8, 62), (66, 4, 48), (118, 14, 30)] {
            fillEllipse(
                Point(center.x + x * scale, center.y + y * scale), radiusX: 1.5 * radius * scale,
                radiusY: 0.55 * radius * scale, Paint(.white, opacity: 0.55))
        }
    }
}
