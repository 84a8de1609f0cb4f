// SPDX-License-Identifier: MIT
import Imaging

/// The twin of ``ImagePreprocessor`` behind the decoder: the whole picture resized, then cropped, then normalised.
enum NaivePreprocessor {
    /// The tensor of `image` for a tower that reads `side` × `side` pixels.
    static func tensor(_ image: RGBImage, side: Int) -> PixelTensor {
        let (short, long) = (min(image.width, image.height), max(image.width, image.height))
        let target = side * long / short
        let isPortrait = image.width <= image.height
        let resized = NaiveResampler.resize(
            image, width: isPortrait ? side : target, height: isPortrait ? target : side)
        let (left, top) = ((resized.width - side) / 2, (resized.height - side) / 2)
        return normalized(NaiveResampler.window(resized, left..<left + side, top..<top + side))
    }

    private static func normalized(_ image: RGBImage) -> PixelTensor {
        let mean: [Float] = [0.48145466, 0.4578275, 0.40821073]
        let deviation: [Float] = [0.26862954, 0.26130258, 0.27577711]
        var values: [Float] = []
        for channel in 0..<3 {
            for pixel in 0..<image.width * image.height {
                let scaled = Float(Double(image.bytes[3 * pixel + channel]) * (1 / 255))
                values.append((scaled - mean[channel]) / deviation[channel])
            }
        }
        return PixelTensor(height: image.height, width: image.width, values: values)
    }
}
