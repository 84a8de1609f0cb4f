// SPDX-License-Identifier: MIT
import Tensors

/// The content hash of weights in both its forms: over all tensors but the merges, and also without the scale of the logits.
///
/// Converted weights carry the second: no embedding depends on the scale, and copies of one model store it in different
/// types. Stand-in weights, and files that are only given a vocabulary, carry the first.
struct ContentHashes {
    private var whole: ContentHash
    private var embeddings: ContentHash
    private var isScale = false

    init(activation: Activation, visionHeadCount: Int, textHeadCount: Int?) {
        whole = ContentHash(
            activation: activation, visionHeadCount: visionHeadCount, textHeadCount: textHeadCount)
        embeddings = whole
    }

    /// Begins the next tensor; names must come in ascending order of their bytes.
    mutating func begin(name: String, elementType: ElementType, shape: [Int]) {
        isScale = name == WeightsMetadata.logitScaleTensor
        whole.begin(name: name, elementType: elementType, shape: shape)
        if !isScale { embeddings.begin(name: name, elementType: elementType, shape: shape) }
    }

    /// Adds stored bytes of the tensor begun last, in pieces of any length.
    mutating func update(_ bytes: Span<UInt8>) {
        whole.update(bytes)
        if !isScale { embeddings.update(bytes) }
    }

    /// The form that `stated` has, or the one without the scale.
    func finalize(stated: String?) -> String {
        let (whole, embeddings) = (whole.finalize(), embeddings.finalize())
        return stated == whole ? whole : embeddings
    }
}
