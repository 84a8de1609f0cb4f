// SPDX-License-Identifier: MIT

/// The two kinds of residual channels of the stand-in image tower, and deviations for each.
///
/// The first two thirds of the channels carry what a patch looks like; the rest carry where it is and
/// which token it is, which every picture shares. The projection reads nearly only the former, so that
/// embeddings differ by looks instead of all pointing along the common part.
struct StandInBands: Sendable {
    let look: Float
    let place: Float

    init(look: Float, place: Float) {
        self.look = look
        self.place = place
    }

    static func lookCount(width: Int) -> Int { width * 2 / 3 }

    /// Deviation for each of `width` channels, times `factor`.
    func channels(_ width: Int, times factor: Float = 1) -> [Float] {
        (0..<width).map { ($0 < Self.lookCount(width: width) ? look : place) * factor }
    }
}
