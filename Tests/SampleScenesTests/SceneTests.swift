// SPDX-License-Identifier: MIT
import Digests
import Imaging
import SampleScenes
import Testing

@Suite("Sample scenes")
struct SceneTests {
    @Test("draw the same pixels on every machine", arguments: SceneCatalogue.demo)
    func pixelsArePinned(scene: Scene) {
        #expect(digest(scene.rendered()) == PinnedScenes.sha256[scene.name], "\(scene.name)")
    }

    @Test("differ from one another")
    func scenesDiffer() {
        let digests = Set(SceneCatalogue.demo.map { digest($0.rendered(width: 64, height: 36)) })
        #expect(digests.count == SceneCatalogue.demo.count)
        #expect(Set(SceneCatalogue.demo.map(\.name)).count == SceneCatalogue.demo.count)
    }

    @Test("have the size asked for", arguments: [(1, 1), (17, 5), (320, 240)])
    func sizes(width: Int, height: Int) {
        let image = SceneCatalogue.demo[0].rendered(width: width, height: height)
        #expect(image.width == width && image.height == height && image.bytes.count == 3 * width * height)
    }

    @Test("look alike but are not equal for another seed")
    func seedMovesSubjects() throws {
        let other = SceneCatalogue.scenes(seed: 2)[0].rendered(width: 64, height: 36)
        #expect(other != SceneCatalogue.demo[0].rendered(width: 64, height: 36))
    }

    @Test("are grey under infrared light apart from the caption bar's blend")
    func infraredIsGrey() throws {
        let scene = try #require(SceneCatalogue.demo.first { $0.light == .infrared && $0.subjects.isEmpty })
        let image = scene.rendered(width: 64, height: 36)
        for pixel in stride(from: 0, to: image.bytes.count, by: 3) {
            #expect(
                image.bytes[pixel] == image.bytes[pixel + 1] && image.bytes[pixel] == image.bytes[pixel + 2])
        }
    }

    private func digest(_ image: RGBImage) -> String {
        SHA256.hash(image.bytes).hexadecimal
    }
}
