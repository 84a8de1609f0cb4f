// SPDX-License-Identifier: MIT
import Imaging
import Testing

@Suite("Golden images")
struct GoldenImageTests {
    private let preprocess = ImagePreprocessor()

    @Test("at least thirty pictures are there to compare with")
    func fixturesAreThere() {
        #expect(ImageGoldens.all.count >= 30)
    }

    @Test("decoded pixels are Pillow's", arguments: ImageGoldens.all)
    func decoded(_ golden: ImageGoldens.Entry) throws {
        let image = try preprocess.decoded(golden.file())
        #expect(image.width == golden.width && image.height == golden.height)
        expectEqual(image, golden.decoded, golden.bytes("decoded"))
    }

    @Test("resized and cropped pixels are Pillow's", arguments: ImageGoldens.all)
    func resizedAndCropped(_ golden: ImageGoldens.Entry) throws {
        let image = try preprocess.decoded(golden.file())
        let resized = try preprocess.resized(image)
        expectEqual(resized, golden.resized, golden.bytes("resized"))
        let cropped = try preprocess.cropped(image)
        expectEqual(cropped, golden.cropped, golden.bytes("cropped"))
        #expect(CenterCrop(size: 224)(resized) == cropped, "crop of whole ≠ window")
    }

    @Test("the tensor has the reference's bits, for 224 and for 336 pixels", arguments: ImageGoldens.all)
    func tensor(_ golden: ImageGoldens.Entry) throws {
        let tensor = try preprocess(golden.file())
        #expect(tensor.height == 224 && tensor.width == 224)
        #expect(ImageGoldens.sha256(tensor.values) == golden.tensor)
        guard let golden336 = golden.tensor336 else { return }
        let larger = try ImagePreprocessor(imageSize: 336)(golden.file())
        #expect(ImageGoldens.sha256(larger.values) == golden336)
    }

    @Test("cut files are refused and accepted as by Pillow", arguments: ImageGoldens.all)
    func truncated(_ golden: ImageGoldens.Entry) throws {
        let file = try golden.file()
        for length in golden.truncations.lengths {
            let expected = golden.truncations.accepted[String(length)]
            do throws(ImageError) {
                let image = try preprocess.decoded(Array(file.prefix(length)))
                #expect(
                    ImageGoldens.sha256(image.bytes) == expected, "accepted \(length) of \(file.count) bytes")
            } catch {
                #expect(expected == nil, "\(length) of \(file.count) bytes: \(error)")
                #expect(["undecodable_image", "unsupported_image_type"].contains(error.code), "\(error)")
            }
        }
    }

    /// Compares hashes; where the whole stage is stored, names the first sample that differs.
    private func expectEqual(_ image: RGBImage, _ hash: String, _ bytes: [UInt8]?) {
        if let bytes, let at = zip(image.bytes, bytes).enumerated().first(where: { $1.0 != $1.1 })?.offset {
            let (x, y) = (at / 3 % image.width, at / 3 / image.width)
            Issue.record("first difference at x \(x), y \(y): \(image.bytes[at]), expected \(bytes[at])")
        }
        #expect(ImageGoldens.sha256(image.bytes) == hash)
    }
}
