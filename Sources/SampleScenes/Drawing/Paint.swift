// SPDX-License-Identifier: MIT

/// What a shape is filled with: a vertical gradient, optionally translucent and grained.
struct Paint: Sendable {
    /// Colour at the top edge of the shape.
    var top: Color
    /// Colour at the bottom edge of the shape.
    var bottom: Color
    /// 0 is invisible, 1 covers.
    var opacity: Float = 1
    var grain: Grain?

    init(_ color: Color, opacity: Float = 1) {
        self.init(color, color, opacity: opacity)
    }

    init(_ top: Color, _ bottom: Color, opacity: Float = 1) {
        self.top = top
        self.bottom = bottom
        self.opacity = opacity
    }

    /// The same paint with brightness varying by ± `amount`, in patches of the given size in sheet units.
    func grained(_ amount: Float, width: Double, height: Double, seed: UInt64) -> Paint {
        var paint = self
        paint.grain = Grain(amount: amount, width: width, height: height, noise: Noise(seed: seed))
        return paint
    }

    /// Colour at sheet position (x, y), `depth` being 0 at the shape's top and 1 at its bottom.
    func color(x: Double, y: Double, depth: Float) -> Color {
        let plain = top.mixed(with: bottom, depth)
        guard let grain else { return plain }
        return plain + Color(1, 1, 1) * grain.value(x: x, y: y)
    }
}
