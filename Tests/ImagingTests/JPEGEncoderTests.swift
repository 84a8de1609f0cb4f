// SPDX-License-Identifier: MIT
import Imaging
import Testing

@Suite("JPEG encoder")
struct JPEGEncoderTests {
    @Test("writes a complete file for every way of sampling", arguments: JPEGEncoder.ChromaSampling.allCases)
    func writesCompleteFile(sampling: JPEGEncoder.ChromaSampling) throws {
        var encoder = JPEGEncoder(quality: 90)
        encoder.chromaSampling = sampling
        let image = RGBImage(width: 9, height: 5, bytes: (0..<135).map { UInt8($0) })
        let file = try encoder.encode(image)
        #expect(file.starts(with: [0xFF, 0xD8, 0xFF]))
        #expect(file.suffix(2) == [0xFF, 0xD9])
    }

    @Test("refuses a side longer than the format allows")
    func refusesLongSide() {
        let image = RGBImage(width: 70_000, height: 1, bytes: [UInt8](repeating: 0, count: 210_000))
        #expect(throws: ImageError.self) { try JPEGEncoder().encode(image) }
    }
}
