// SPDX-License-Identifier: MIT
import Imaging
import Testing

@Suite("Bicubic resampler")
struct BicubicResamplerTests {
    private static let edgeSizes = [
        (1, 1, 7, 5), (1, 40, 9, 3), (40, 1, 3, 9), (2, 3, 64, 96), (223, 9, 224, 9), (224, 5, 224, 3),
        (225, 7, 224, 8), (5, 224, 5, 223), (300, 4, 1, 1), (3, 301, 2, 1), (17, 17, 17, 17),
    ]

    @Test("equals its naive twin at the edges of size", arguments: edgeSizes)
    func edges(width: Int, height: Int, toWidth: Int, toHeight: Int) throws {
        var generator = SeededGenerator(seed: 7)
        try compare(width, height, toWidth, toHeight, &generator)
    }

    @Test("equals its naive twin for random sizes", arguments: [UInt64](1...40))
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sides = (0..<4).map { _ in Int.random(in: 1...70, using: &generator) }
        try compare(sides[0], sides[1], sides[2], sides[3], &generator)
    }

    @Test("a window is the same part of the whole", arguments: [UInt64](1...20))
    func window(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let image = RGBImage(width: 31, height: 23, bytes: generator.bytes(3 * 31 * 23))
        let resample = BicubicResampler(width: 19, height: 40)
        let columns = Int.random(in: 0..<10, using: &generator)..<Int.random(in: 10..<20, using: &generator)
        let rows = Int.random(in: 0..<20, using: &generator)..<Int.random(in: 20...40, using: &generator)
        let whole = try resample(image)
        let part = try resample(image, columns: columns, rows: rows)
        let expected = rows.flatMap { row in
            columns.flatMap { column in (0..<3).map { whole.bytes[3 * (row * 19 + column) + $0] } }
        }
        #expect(part.bytes == expected, "seed \(seed), columns \(columns), rows \(rows)")
    }

    @Test("a flat picture stays flat", arguments: [UInt8(0), 1, 127, 254, 255])
    func flat(level: UInt8) throws {
        let image = RGBImage(width: 37, height: 11, bytes: [UInt8](repeating: level, count: 3 * 37 * 11))
        #expect(try BicubicResampler(width: 224, height: 5)(image).bytes.allSatisfy { $0 == level })
    }

    @Test(
        "the shortest edge becomes the target, the other is truncated",
        arguments: [(640, 360, 398, 224), (360, 640, 224, 398), (500, 500, 224, 224), (1, 60, 224, 13440)])
    func shortestEdge(width: Int, height: Int, toWidth: Int, toHeight: Int) {
        let image = RGBImage(
            width: width, height: height, bytes: [UInt8](repeating: 0, count: 3 * width * height))
        let resample = BicubicResampler(shortestEdge: 224, of: image)
        #expect(resample.width == toWidth && resample.height == toHeight)
    }

    private func compare(
        _ width: Int, _ height: Int, _ toWidth: Int, _ toHeight: Int, _ generator: inout SeededGenerator
    ) throws {
        let image = RGBImage(width: width, height: height, bytes: generator.bytes(3 * width * height))
        let fast = try BicubicResampler(width: toWidth, height: toHeight)(image)
        let naive = NaiveResampler.resize(image, width: toWidth, height: toHeight)
        #expect(fast == naive, "\(width) × \(height) to \(toWidth) × \(toHeight)")
    }
}
