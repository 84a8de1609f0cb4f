// SPDX-License-Identifier: MIT

extension WeightsManifest {
    /// The values of `weights/manifest.json`, compiled in.
    ///
    /// The default is the Hugging Face copy: its length is known exactly, the tokenizer's merges lie at the same
    /// fixed revision, and it is the checkpoint that the reference implementation runs.
    package static let builtIn = WeightsManifest(
        format: supportedFormat, default: "huggingface", sources: [huggingFace, openAI].compactMap(\.self))

    private static let revision =
        "https://huggingface.co/openai/clip-vit-base-patch32/resolve/3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268/"

    private static var huggingFace: WeightsSource? {
        source(
            name: "huggingface", url: revision + "pytorch_model.bin", byteCount: 605_247_071,
            sha256: "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f")
    }

    /// Half precision as first published, so the smaller download: about 354 MB.
    private static var openAI: WeightsSource? {
        let hash = "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af"
        return source(
            name: "openai", url: "https://openaipublic.azureedge.net/clip/models/\(hash)/ViT-B-32.pt",
            byteCount: nil, sha256: hash)
    }

    private static func source(name: String, url: String, byteCount: Int?, sha256: String) -> WeightsSource? {
        guard let sha256 = try? ContentHash(hexadecimal: sha256), let merges else { return nil }
        return WeightsSource(
            name: name, url: url, byteCount: byteCount, sha256: sha256, modelVersion: "clip-ViT-B-32-v1",
            activation: "quick_gelu", licence: "MIT (OpenAI CLIP, code and weights)", companions: [merges])
    }

    private static var merges: PublishedFile? {
        guard
            let sha256 = try? ContentHash(
                hexadecimal: "f526393189112391ce6f9795d4695f704121ce452c3aad1f5335cc41337eba85")
        else { return nil }
        return PublishedFile(
            name: "merges.txt", url: revision + "merges.txt", byteCount: 524_657, sha256: sha256)
    }
}
