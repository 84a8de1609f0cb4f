// SPDX-License-Identifier: MIT
internal import Imaging

/// Small pictures that differ from each other, as JPEG files.
package enum TestPictures {
    /// A picture of coloured waves; `index` chooses colours and frequencies.
    package static func jpeg(_ index: Int, width: Int = 48, height: Int = 40) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                bytes.append(UInt8(truncatingIfNeeded: x * (index + 3)))
                bytes.append(UInt8(truncatingIfNeeded: y * (2 * index + 1) + 90))
                bytes.append(UInt8(truncatingIfNeeded: (x + y) * index + 31 * index))
            }
        }
        return try JPEGEncoder(quality: 90).encode(RGBImage(width: width, height: height, bytes: bytes))
    }

    /// Bytes that begin like a JPEG file and end too soon.
    package static func truncatedJPEG() throws -> [UInt8] { Array(try jpeg(0).prefix(300)) }
}
