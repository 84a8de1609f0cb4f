// SPDX-License-Identifier: MIT

/// The numbers in which the two profiles differ.
struct StandInHabits: Sendable {
    let profile: StandInProfile
    /// Channels of a tower.
    let width: Int

    /// Values that a few channels of the residual stream have in every token.
    private static let loudValues: [Float] = [48, -72, 96, -36]

    /// The loud channel's index for each of ``loudValues``; all among the last third.
    private var loudChannels: [Int] { Self.loudValues.indices.map { width - 1 - $0 * (width / 13) } }

    /// Offsets that make the loud channels loud; all zero in the plain profile.
    var loudRow: [Float] {
        var row = [Float](repeating: 0, count: width)
        guard profile == .trainedLike else { return row }
        for (channel, value) in zip(loudChannels, Self.loudValues) { row[channel] = value }
        return row
    }

    /// Gains of a LayerNorm before noise: 1, or spread evenly over the octaves from 0.1 to 5.
    ///
    /// Loud channels get the least gain, as training leaves them.
    func gains(_ normals: CounterNormals) -> [Float] {
        guard profile == .trainedLike else { return [Float](repeating: 1, count: width) }
        var gains = (0..<width).map { channel -> Float in
            // The fraction of a normal times a large number is uniform enough for an octave and a place in it.
            let spread = normals[channel] * 1024
            let fraction = spread - spread.rounded(.down)
            let octave = Int(fraction * 6)
            let octaveStart: Float = 0.1 * Float(1 << octave)
            return min(5, octaveStart * (1 + (fraction * 6 - Float(octave))))
        }
        for channel in loudChannels { gains[channel] = 0.1 }
        return gains
    }

    /// Noise on top of ``gains(_:)``.
    var gainDeviation: Float { profile == .plain ? 0.1 : 0 }

    /// Factor of the query and key rows of a head: every third head of a trained-like model is peaked.
    func sharpness(head: Int) -> Float { profile == .trainedLike && head % 3 == 0 ? 3 : 1 }
}
