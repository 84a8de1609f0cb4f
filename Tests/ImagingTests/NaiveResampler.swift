// SPDX-License-Identifier: MIT
import Imaging

/// The twin of ``BicubicResampler``: every pixel by itself, straight from the definition.
///
/// No windows and no shared tables: slow, and simple enough to be believed.
enum NaiveResampler {
    static func resize(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
        let wide = pass(image, to: width)
        return transposed(pass(transposed(wide), to: height))
    }

    /// A part of `image`.
    static func window(_ image: RGBImage, _ columns: Range<Int>, _ rows: Range<Int>) -> RGBImage {
        let bytes = rows.flatMap { row in
            columns.flatMap { column in (0..<3).map { image.bytes[3 * (row * image.width + column) + $0] } }
        }
        return RGBImage(width: columns.count, height: rows.count, bytes: bytes)
    }

    /// Resizes each row to `width` pixels.
    private static func pass(_ image: RGBImage, to width: Int) -> RGBImage {
        guard width != image.width else { return image }
        var bytes: [UInt8] = []
        let lines = (0..<width).map { weights(of: $0, from: image.width, to: width) }
        for y in 0..<image.height {
            for x in 0..<width {
                for channel in 0..<3 {
                    var sum = 1 << 21
                    for (source, weight) in lines[x] {
                        sum += Int(image.bytes[3 * (y * image.width + source) + channel]) * weight
                    }
                    bytes.append(UInt8(min(max(sum >> 22, 0), 255)))
                }
            }
        }
        return RGBImage(width: width, height: image.height, bytes: bytes)
    }

    private static func weights(of output: Int, from count: Int, to target: Int) -> [(Int, Int)] {
        let scale = Double(count) / Double(target)
        let stretch = max(1, scale)
        let center = (Double(output) + 0.5) * scale
        let first = max(0, Int(center - 2 * stretch + 0.5))
        let end = min(count, Int(center + 2 * stretch + 0.5))
        let raw = (first..<end).map { cubic((Double($0) - center + 0.5) * (1 / stretch)) }
        var total = 0.0
        for weight in raw { total += weight }
        return raw.enumerated().map { offset, weight in
            let scaled = weight / total * 4_194_304
            return (first + offset, Int(scaled < 0 ? scaled - 0.5 : scaled + 0.5))
        }
    }

    private static func cubic(_ x: Double) -> Double {
        let d = abs(x)
        if d < 1 { return (1.5 * d - 2.5) * d * d + 1 }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * -0.5 : 0
    }

    private static func transposed(_ image: RGBImage) -> RGBImage {
        var bytes: [UInt8] = []
        for x in 0..<image.width {
            for y in 0..<image.height {
                let start = 3 * (y * image.width + x)
                bytes += image.bytes[start..<start + 3]
            }
        }
        return RGBImage(width: image.height, height: image.width, bytes: bytes)
    }
}
