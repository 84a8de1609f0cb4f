// SPDX-License-Identifier: MIT
import Checkpoints
import SystemPackage
import Tensors
import Testing

/// A small generator whose sequence depends on the seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Damaged archives")
struct ArchiveFuzzTests {
    static let names = [
        "pytorch_model.bin", "openai-torchscript.pt", "legacy-vision.bin", "open-clip-checkpoint.pt",
        "hugging-face-vision/model.safetensors",
    ]

    @Test("end in tensors or a typed error, whatever bits are flipped", arguments: names)
    func flippedBits(name: String) throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = SeededGenerator(seed: seed)
        let original = try Fixtures.bytes(name)
        let structure = Self.structure(of: original, name)
        var refusedCount = 0
        for _ in 0..<200 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<structure.reduce(0) { $0 + $1.count }, using: &generator)
                bytes[Self.position(place, in: structure)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
            do {
                try Self.read(bytes)
            } catch let error as CheckpointError {
                refusedCount += error.description.isEmpty ? 0 : 1
            } catch let error as SafetensorsError {
                refusedCount += error.description.isEmpty ? 0 : 1
            }
        }
        #expect(refusedCount > 0, "seed \(seed)")
        print("\(name): \(refusedCount) of 200 refused, seed \(seed)")
    }

    @Test("end in a typed error wherever they are cut", arguments: names)
    func truncated(name: String) throws {
        let original = try Fixtures.bytes(name)
        for step in 0..<100 {
            let bytes = Array(original[..<(original.count * step / 100)])
            #expect(throws: (any Error).self, "first \(bytes.count) bytes") { try Self.read(bytes) }
        }
    }

    /// Reads the ends of every tensor, so that a view outside its bytes would be seen.
    private static func read(_ bytes: [UInt8]) throws {
        let slice = ByteSlice(bytes)
        if bytes.first == 0x50 || bytes.first == 0x80 {
            for tensor in try PyTorchArchive(slice).tensors { touch(tensor) }
        } else {
            let file = try SafetensorsFile(slice)
            for description in file.tensors { touch(file[description]) }
        }
    }

    private static func touch(_ tensor: StoredTensor) {
        let count = tensor.elementCount
        guard count > 0 else { return }
        for element in [0, count - 1] {
            var value: [Float] = [0]
            var span = value.mutableSpan
            tensor.decode(into: &span, elements: element..<element + 1)
        }
    }

    /// Where the structure is, so that flips do not all land among the values.
    private static func structure(of bytes: [UInt8], _ name: String) -> [Range<Int>] {
        name.hasSuffix(".safetensors") || name.hasPrefix("legacy")
            ? [0..<6_000] : [0..<9_000, bytes.count - 9_000..<bytes.count]
    }

    private static func position(_ place: Int, in ranges: [Range<Int>]) -> Int {
        place < ranges[0].count
            ? ranges[0].lowerBound + place : ranges[1].lowerBound + place - ranges[0].count
    }
}
