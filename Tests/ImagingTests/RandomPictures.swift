// SPDX-License-Identifier: MIT
import Imaging

/// Pictures and ways of compressing them, drawn from a seed.
extension SeededGenerator {
    /// Waves under noise, so that neither every block nor none is flat.
    mutating func picture(width: Int, height: Int) -> RGBImage {
        let noise = Int.random(in: 0...200, using: &self)
        let slope = Int.random(in: 0...9, using: &self)
        var bytes: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 1...3 {
                    let level = x * slope + y * channel + Int.random(in: 0...noise, using: &self)
                    bytes.append(UInt8(truncatingIfNeeded: level))
                }
            }
        }
        return RGBImage(width: width, height: height, bytes: bytes)
    }

    /// Every kind of file that the encoder can write.
    mutating func encoder() throws -> JPEGEncoder {
        var encoder = JPEGEncoder(quality: Int.random(in: 1...100, using: &self))
        encoder.isProgressive = Int.random(in: 0..<4, using: &self) == 0
        encoder.isGreyscale = Int.random(in: 0..<8, using: &self) == 0
        encoder.restartRows = Int.random(in: 0...2, using: &self)
        encoder.chromaSampling = JPEGEncoder.ChromaSampling.allCases.randomElement(using: &self) ?? .full
        return encoder
    }

    /// A copy with one to four bits flipped, one in three also cut.
    mutating func damaged(_ file: [UInt8]) -> [UInt8] {
        var file = file
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            file[Int.random(in: 0..<file.count, using: &self)] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        }
        return Int.random(in: 0..<3, using: &self) == 0
            ? Array(file.prefix(Int.random(in: 1...file.count, using: &self))) : file
    }
}
