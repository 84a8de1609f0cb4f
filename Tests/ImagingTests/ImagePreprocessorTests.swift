// SPDX-License-Identifier: MIT
import Imaging
import Testing

/// Rows are resized while a JPEG is decoded, and only the columns that the crop keeps are decoded at all.
@Suite("Preprocessor")
struct ImagePreprocessorTests {
    @Test("a JPEG gives the tensor of its whole decoded picture, of any size and kind", arguments: 0..<40)
    func streamed(round: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("streamed \(round): seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let sides = (0..<3).map { _ in Int.random(in: 1...90, using: &generator) }
        let preprocess = ImagePreprocessor(imageSize: min(sides[2], 40))
        let picture = generator.picture(width: sides[0], height: sides[1])
        let file = try generator.encoder().encode(picture)
        let decoded = try preprocess.decoded(file)
        let naive = NaivePreprocessor.tensor(decoded, side: preprocess.imageSize)
        #expect(try preprocess(file) == naive, "seed \(seed)")
        #expect(try preprocess.tensor(decoded) == naive, "seed \(seed)")
        #expect(try preprocess(file) == naive, "in memory that was used before, seed \(seed)")
    }

    @Test("a damaged JPEG gives the same error, or the same tensor, as decoded whole", arguments: 0..<20)
    func damaged(round: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("damaged \(round): seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let preprocess = ImagePreprocessor(imageSize: 24, limits: .init(maximumPixelCount: 1_000_000))
        let picture = generator.picture(
            width: .random(in: 1...120, using: &generator), height: .random(in: 1...120, using: &generator))
        let file = try generator.encoder().encode(picture)
        let intact = try preprocess(file)
        for _ in 0..<20 {
            let bytes = generator.damaged(file)
            let whole = Result { () throws(ImageError) in try preprocess.tensor(try preprocess.decoded(bytes))
            }
            let streamed = Result { () throws(ImageError) in try preprocess(bytes) }
            #expect(streamed == whole, "seed \(seed)")
        }
        #expect(try preprocess(file) == intact, "after damaged pictures of the same size, seed \(seed)")
    }

    @Test("many threads share a preprocessor, with more sizes than it remembers")
    func concurrent() async throws {
        let preprocess = ImagePreprocessor(imageSize: 32)
        var generator = SeededGenerator(seed: 3)
        let files = try (0..<7).map { index in
            let picture = generator.picture(width: 60 + 5 * (index / 2), height: 50)
            return try JPEGEncoder(quality: 80).encode(picture)
        }
        let alone = try files.map { try ImagePreprocessor(imageSize: 32)($0) }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for round in 0..<140 {
                let index = round % files.count
                group.addTask { try preprocess(files[index]) == alone[index] }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
