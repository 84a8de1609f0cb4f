// SPDX-License-Identifier: MIT

/// Maps each 8-bit sample to (sample / 255 − mean) / deviation of its channel, and interleaved to planar.
///
/// The reference multiplies by 1/255 in double precision, rounds to single, then subtracts and divides in
/// single precision. A sample has 256 values only, so each channel is a table and the result equal bit for bit.
///
/// Source: `CLIPImageProcessorPil` of Hugging Face Transformers; `rescale` and `normalize` of its
/// `image_transforms.py`.
package struct ChannelNormalization: Sendable {
    /// The constants that every published CLIP was trained with.
    package static let clip = ChannelNormalization(
        mean: [0.48145466, 0.4578275, 0.40821073], deviation: [0.26862954, 0.26130258, 0.27577711])

    /// The value of sample `s` of channel `c` at index 256 · c + s.
    let table: [Float]

    /// A table for three channels.
    package init(mean: [Float], deviation: [Float]) {
        precondition(mean.count == 3 && deviation.count == 3, "expected 3 channels")
        table = (0..<3).flatMap { channel in
            (0..<256).map { sample in
                (Float(Double(sample) * (1 / 255)) - mean[channel]) / deviation[channel]
            }
        }
    }
}
