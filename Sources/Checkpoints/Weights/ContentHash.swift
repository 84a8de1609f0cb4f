// SPDX-License-Identifier: MIT
import Digests
package import Tensors

/// SHA-256 over everything that the embeddings of a model depend on.
///
/// Input, `\0` being a zero byte: `afterimage\0ACTIVATION\0VISION_HEADS\0TEXT_HEADS\0` (text heads
/// empty without a text tower), then for each tensor, ordered by the bytes of its name,
/// `NAME\0DTYPE\0SHAPE\0` and its stored bytes, row-major and little-endian. DTYPE is the word of
/// safetensors, SHAPE decimal and comma-separated. The tokenizer's merges are left out, so that
/// adding a vocabulary does not turn stored image vectors into those of another model; of converted weights
/// also the scale of the logits.
package struct ContentHash {
    private var digest = SHA256()

    package init(activation: Activation, visionHeadCount: Int, textHeadCount: Int?) {
        update(text: "afterimage")
        update(text: activation.rawValue)
        update(text: String(visionHeadCount))
        update(text: textHeadCount.map(String.init) ?? "")
    }

    /// Begins the next tensor; names must come in ascending order of their bytes.
    package mutating func begin(name: String, elementType: ElementType, shape: [Int]) {
        update(text: name)
        update(text: elementType.safetensorsName)
        update(text: shape.map(String.init).joined(separator: ","))
    }

    /// Adds stored bytes of the tensor begun last, in pieces of any length.
    package mutating func update(_ bytes: Span<UInt8>) {
        digest.update(bytes)
    }

    /// The hash as 64 lower-case hexadecimal digits.
    package func finalize() -> String {
        digest.finalize().hexadecimal
    }

    /// SHA-256 of `bytes` alone; pages of a mapped file are given back on the way.
    package static func sha256(of bytes: ByteSlice) -> String {
        var digest = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 16 << 20) {
            let piece = bytes[start..<min(start + 16 << 20, bytes.count)]
            piece.withSpan { digest.update($0) }
            piece.discardPages()
        }
        return digest.finalize().hexadecimal
    }

    private mutating func update(text: String) {
        digest.update(Array(text.utf8) + [0])
    }
}
