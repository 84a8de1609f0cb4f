// SPDX-License-Identifier: MIT

extension Canvas {
    /// Burns the caption bar in: the time at the left, the camera's label at the right.
    mutating func drawCaption(time: String, label: String) {
        fillRectangle(x: 0, y: 0, width: 1600, height: 50, Paint(.black, opacity: 0.55))
        drawText(time, at: Point(24, 12), cell: 4)
        drawText(label, at: Point(1576 - Double(label.count * 24), 12), cell: 4)
    }

    private mutating func drawText(_ text: String, at origin: Point, cell: Double) {
        for (index, character) in text.enumerated() {
            let left = origin.x + Double(index) * 6 * cell
            for (row, bits) in CaptionFont.rows(of: character).enumerated() {
                for column in 0..<5 where bits >> (4 - column) & 1 == 1 {
                    fillRectangle(
                        x: left + Double(column) * cell, y: origin.y + Double(row) * cell, width: cell,
                        height: cell, Paint(Color(238, 238, 238)))
                }
            }
        }
    }
}
