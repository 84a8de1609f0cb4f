// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import Tensors
import TestSupport
import Testing

@Suite("Text embedder")
struct TextEmbedderTests {
    private static func fixture(_ text: TinyWeights.Text = .complete) throws -> EmbedderFixture {
        try EmbedderFixture(TinyWeights(text: text))
    }

    /// The same but for the last bits: tests of the kernels, which run beside this one, choose other instructions for the
    /// whole process.
    private static func areEqual(_ a: Embedding, _ b: Embedding) -> Bool {
        Deviation(a.values, from: b.values).relativeToNorm < 1e-5
    }

    @Test(
        "embeds texts in the space of the pictures, whatever the pictures' precision",
        arguments: [Precision.fp32, .int8])
    func sameSpace(precision: Precision) async throws {
        let fixture = try Self.fixture()
        var options = ImageEmbedder.Options(threadCount: 2)
        options.precision = precision
        let images = ImageEmbedder(weights: fixture.weightsPath, options: options)
        let texts = TextEmbedder(beside: images)
        let picture = try await images.embed(TestPictures.jpeg(0))
        let text = try await texts.embed("a photo of a cat")
        #expect(text.modelVersion.name == (precision == .int8 ? "tiny-v1+int8" : "tiny-v1"))
        #expect(text.dimension == 16)
        #expect(picture.cosineSimilarity(to: text) != nil)
        let exact = try await TextEmbedder(weights: fixture.weightsPath).embed("a photo of a cat")
        #expect(Self.areEqual(exact, text), "the text tower is in single precision in both")
        #expect(try await texts.embed("a photo of a dog").values != text.values)
    }

    @Test(
        "says what the weights lack",
        arguments: [
            (TinyWeights.Text.none, "no_text_tower"), (.mergesAlone, "no_text_tower"),
            (.towerAlone, "no_vocabulary"),
        ])
    func lacking(text: TinyWeights.Text, code: String) async throws {
        let fixture = try Self.fixture(text)
        // Its folder goes with it.
        defer { withExtendedLifetime(fixture) {} }
        let embedder = TextEmbedder(weights: fixture.weightsPath)
        for _ in 0..<2 {
            let error = await #expect(throws: EmbeddingError.self) { try await embedder.embed("cat") }
            #expect(error?.code == code)
        }
        let error = await #expect(throws: EmbeddingError.self) { try await embedder.load() }
        #expect(error?.code == code)
        #expect(error?.description.contains("afterimage weights convert") == true)
        #expect(!embedder.isLoaded)
    }

    @Test("finds weights that arrive later")
    func laterWeights() async throws {
        let fixture = try EmbedderFixture(nil)
        let embedder = TextEmbedder(weights: fixture.weightsPath)
        await #expect(throws: EmbeddingError.weightsMissing(path: fixture.weightsPath)) {
            try await embedder.embed("cat")
        }
        try TinyWeights(text: .complete).write(to: fixture.folder.file("weights.safetensors"))
        #expect(try await embedder.embed("cat").dimension == 16)
    }

    @Test("loads with the first text, and gives the memory back after a time without one")
    func idle() async throws {
        let fixture = try Self.fixture()
        // Its folder goes with it.
        defer { withExtendedLifetime(fixture) {} }
        var options = TextEmbedder.Options(threadCount: 1)
        options.idleLimit = .milliseconds(50)
        let embedder = TextEmbedder(weights: fixture.weightsPath, options: options)
        #expect(!embedder.isLoaded)
        let first = try await embedder.embed("red")
        let deadline = ContinuousClock().now + .seconds(20)
        while embedder.isLoaded, ContinuousClock().now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(!embedder.isLoaded)
        #expect(Self.areEqual(try await embedder.embed("red"), first))
        options.idleLimit = nil
        let lasting = TextEmbedder(weights: embedder.weightsPath, options: options)
        #expect(try await lasting.load().name == "tiny-v1")
        #expect(lasting.isLoaded)
    }

    @Test("refuses texts beyond its limit, a full queue, cancelled tasks and everything after its end")
    func refusals() async throws {
        let fixture = try Self.fixture()
        // Its folder goes with it.
        defer { withExtendedLifetime(fixture) {} }
        var options = TextEmbedder.Options(threadCount: 1, queueCapacity: 2)
        options.textLimit = 10
        let embedder = TextEmbedder(pausedWith: fixture.weightsPath, options: options)
        await #expect(throws: EmbeddingError.textTooLong(byteCount: 12, limit: 10)) {
            try await embedder.embed("éééééé")
        }
        let waiting = (0..<2).map { _ in Task { try await embedder.embed("cat") } }
        while embedder.waitingCount < 2 { await Task.yield() }
        await #expect(throws: EmbeddingError.queueFull(capacity: 2)) { try await embedder.embed("cat") }
        waiting[0].cancel()
        await #expect(throws: EmbeddingError.cancelled) { try await waiting[0].value }
        embedder.resume()
        #expect(try await waiting[1].value.dimension == 16)
        embedder.shutDown()
        await #expect(throws: EmbeddingError.shutDown) { try await embedder.embed("cat") }
    }

    @Test("answers many tasks at once, each with its own text")
    func manyTasks() async throws {
        let fixture = try Self.fixture()
        // Its folder goes with it.
        defer { withExtendedLifetime(fixture) {} }
        let embedder = TextEmbedder(weights: fixture.weightsPath)
        let words = ["cat", "dog", "red", "photo", "", "café"]
        var alone: [Embedding] = []
        for word in words { alone.append(try await embedder.embed(word)) }
        #expect(Set(alone.map(\.values)).count == words.count)
        try await withThrowingTaskGroup(of: (Int, Embedding).self) { group in
            for index in 0..<60 {
                group.addTask { (index % words.count, try await embedder.embed(words[index % words.count])) }
            }
            for try await (index, embedding) in group { #expect(Self.areEqual(embedding, alone[index])) }
        }
    }

    @Test(
        "Captions are made of one to three words",
        arguments: [
            ("cat", "a photo of cat"), ("red car", "a photo of red car"),
            (" a  red\ncar ", "a photo of a red car"),
            ("a photo of cat", "a photo of cat"), ("", ""), ("  ", "  "),
            ("man with a ladder", "man with a ladder"),
        ])
    func captions(text: String, caption: String) {
        #expect(PromptTemplate.caption(for: text) == caption)
    }
}
