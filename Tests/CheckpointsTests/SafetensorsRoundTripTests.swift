// SPDX-License-Identifier: MIT
import Checkpoints
import SystemPackage
import Tensors
import Testing

@Suite("Safetensors writer")
struct SafetensorsRoundTripTests {
    @Test("writes what the reader reads back, for random tensors")
    func roundTrip() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        for round in 0..<50 {
            let path = folder.path.appending("\(round)")
            let tensors = Self.randomTensors(&generator)
            let metadata = Self.randomMetadata(&generator)
            try Self.write(tensors, metadata, to: path)
            let file = try SafetensorsFile(opening: path)
            #expect(file.metadata == metadata, "seed \(seed)")
            #expect(file.tensors.count == tensors.count, "seed \(seed)")
            for (declaration, bytes) in tensors {
                let tensor = try file.tensor(declaration.name, shape: declaration.shape)
                #expect(tensor.elementType == declaration.elementType, "seed \(seed)")
                #expect([UInt8](tensor.bytes) == bytes, "seed \(seed)")
            }
            // The same tensors in another order give the same bytes.
            let again = folder.path.appending("again")
            try Self.write(tensors.shuffled(using: &generator), metadata, to: again)
            #expect(
                try [UInt8](ByteSlice(mapping: again)) == [UInt8](ByteSlice(mapping: path)), "seed \(seed)")
        }
    }

    typealias Tensor = (declaration: TensorDeclaration, bytes: [UInt8])

    private static let suffixes = ["", "\"\\", "ü/é", "\n\t\u{1}", "日本", "🦆"]

    private static func randomTensors(_ generator: inout SeededGenerator) -> [Tensor] {
        (0..<Int.random(in: 0...12, using: &generator)).map { index in
            let type = ElementType.allCases.randomElement(using: &generator) ?? .uint8
            let rank = Int.random(in: 0...4, using: &generator)
            let shape = (0..<rank).map { _ in Int.random(in: 0...5, using: &generator) }
            let suffix = suffixes[Int.random(in: 0..<suffixes.count, using: &generator)]
            let name = "\(index)" + suffix
            let declaration = TensorDeclaration(name: name, elementType: type, shape: shape)
            let bytes = (0..<declaration.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
            return (declaration, bytes)
        }
    }

    private static func randomMetadata(_ generator: inout SeededGenerator) -> [String: String] {
        let keys = (0..<Int.random(in: 0...3, using: &generator)).map { "key \($0)" }
        return Dictionary(uniqueKeysWithValues: keys.map { ($0, "\u{7F}\"\(generator.next())\\") })
    }

    private static func write(_ tensors: [Tensor], _ metadata: [String: String], to path: FilePath) throws {
        var writer = try SafetensorsWriter(
            creating: path, tensors: tensors.map(\.declaration), metadata: metadata)
        let bytes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.declaration.name, $0.bytes) })
        for description in writer.tensors {
            let values = try #require(bytes[description.name])
            try writer.append(values.span, to: description.name)
        }
        try writer.finish()
    }

    static let declarations = [
        TensorDeclaration(name: "a", elementType: .float32, shape: [2]),
        TensorDeclaration(name: "b", elementType: .uint8, shape: [3]),
    ]

    static let two: [Float] = [1, 2]
    static let one: [Float] = [1]
    static let byte: [UInt8] = [1]

    @Test("leaves neither file nor temporary file when given up")
    func abandoned() throws {
        let folder = try TemporaryFolder()
        do {
            var writer = try SafetensorsWriter(
                creating: folder.path.appending("w"), tensors: Self.declarations)
            try writer.append(Self.two.span, to: "a")
            #expect(try folder.contents.count == 1)
        }
        #expect(try folder.contents.isEmpty)
        #expect(throws: SafetensorsWriterError.incomplete(tensor: "b", missingByteCount: 3)) {
            var writer = try SafetensorsWriter(
                creating: folder.path.appending("w"), tensors: Self.declarations)
            try writer.append(Self.two.span, to: "a")
            try writer.finish()
        }
        #expect(try folder.contents.isEmpty)
    }

    @Test("replaces a mapped file without changing what its readers see")
    func replaces() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("w")
        let declaration = TensorDeclaration(name: "a", elementType: .uint8, shape: [3])
        try Self.write([(declaration, [1, 2, 3])], [:], to: path)
        let old = try SafetensorsFile(opening: path)
        try Self.write([(declaration, [4, 5, 6])], [:], to: path)
        #expect(try old.tensor("a").decoded() == [1, 2, 3])
        #expect(try SafetensorsFile(opening: path).tensor("a").decoded() == [4, 5, 6])
        #expect(try folder.contents == ["w"])
    }

    @Test("refuses values out of order, too many values and bad declarations")
    func refuses() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("w")
        #expect(throws: SafetensorsWriterError.unexpectedTensor(expected: "a", found: "b")) {
            var writer = try SafetensorsWriter(creating: path, tensors: Self.declarations)
            try writer.append(Self.byte.span, to: "b")
        }
        #expect(throws: SafetensorsWriterError.tooManyBytes(tensor: "a", expected: 8, found: 12)) {
            var writer = try SafetensorsWriter(creating: path, tensors: Self.declarations)
            try writer.append(Self.one.span, to: "a")
            try writer.append(Self.two.span, to: "a")
        }
        #expect(throws: SafetensorsWriterError.duplicateTensor(name: "a")) {
            _ = try SafetensorsWriter(creating: path, tensors: Self.declarations + Self.declarations)
        }
        #expect(throws: SafetensorsWriterError.reservedName) {
            let declaration = TensorDeclaration(name: "__metadata__", elementType: .uint8, shape: [])
            _ = try SafetensorsWriter(creating: path, tensors: [declaration])
        }
        #expect(throws: SafetensorsWriterError.shapeUnusable(tensor: "a", shape: [1 << 62, 4])) {
            let declaration = TensorDeclaration(name: "a", elementType: .uint8, shape: [1 << 62, 4])
            _ = try SafetensorsWriter(creating: path, tensors: [declaration])
        }
        #expect(throws: SafetensorsWriterError.cannotWrite(.noSuchFileOrDirectory)) {
            _ = try SafetensorsWriter(creating: "/no/such/folder/w", tensors: Self.declarations)
        }
        #expect(try folder.contents.isEmpty)
    }
}
