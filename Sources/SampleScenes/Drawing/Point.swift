// SPDX-License-Identifier: MIT

/// A position on the drawing sheet of ``Canvas/sheetWidth`` × ``Canvas/sheetHeight`` units, y downwards.
struct Point: Sendable {
    let x: Double
    let y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}
