// SPDX-License-Identifier: MIT
import Imaging
import Testing

/// The choice is the whole process's; as all of them give the same bytes, other tests may run meanwhile.
@Suite("Instruction sets of the resampler", .serialized)
struct InstructionSetTests {
    @Test(
        "each equals the naive twin for random sizes and windows", arguments: 0..<BicubicResampler.levelCount)
    func window(level: Int) throws {
        BicubicResampler.useLevel(level)
        defer { BicubicResampler.useLevel(nil) }
        let seed = UInt64.random(in: 0...UInt64.max)
        print("windows on level \(level): seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            let sides = (0..<4).map { _ in Int.random(in: 1...80, using: &generator) }
            let image = RGBImage(
                width: sides[0], height: sides[1], bytes: generator.bytes(3 * sides[0] * sides[1]))
            let columns = generator.range(within: sides[2])
            let rows = generator.range(within: sides[3])
            let part = try BicubicResampler(width: sides[2], height: sides[3])(
                image, columns: columns, rows: rows)
            let whole = NaiveResampler.resize(image, width: sides[2], height: sides[3])
            #expect(
                part == NaiveResampler.window(whole, columns, rows),
                "\(sides), columns \(columns), rows \(rows), level \(level), seed \(seed)")
        }
    }

    @Test("each gives the reference's tensors", arguments: 0..<BicubicResampler.levelCount)
    func goldens(level: Int) throws {
        BicubicResampler.useLevel(level)
        defer { BicubicResampler.useLevel(nil) }
        let preprocess = ImagePreprocessor()
        for golden in ImageGoldens.all {
            #expect(
                try ImageGoldens.sha256(preprocess(golden.file()).values) == golden.tensor,
                "\(golden.name), level \(level)")
        }
    }
}

extension SeededGenerator {
    /// A range that is not empty.
    fileprivate mutating func range(within count: Int) -> Range<Int> {
        let start = Int.random(in: 0..<count, using: &self)
        return start..<Int.random(in: start + 1...count, using: &self)
    }
}
