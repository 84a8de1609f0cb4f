// SPDX-License-Identifier: MIT
package import Checkpoints
package import Tensors

/// A text tower with its tokenizer and the activations and threads to run it: what one worker owns.
///
/// Not safe to share between threads; `TextEmbedder` of the EmbeddingService module is.
public final class TextEncoder {
    /// The weights.
    public let transformer: TextTransformer
    /// Text to tokens.
    public let tokenizer: BytePairTokenizer

    private let team: ThreadTeam
    private var scratch: TextScratch
    private var output: Matrix

    /// Loads tokenizer and tower from `file`.
    ///
    /// - Throws: ``WeightError/noTextTower``, ``WeightError/noVocabulary`` and what else is wrong with the weights.
    package init(
        _ file: SafetensorsFile, backend: ProductBackend = .auto, team: ThreadTeam
    ) throws(WeightError) {
        // What is cheap to know first: the tower takes a tenth of a second and much memory.
        let configuration = try TextConfiguration(of: file)
        tokenizer = try BytePairTokenizer(
            file, tokenCount: configuration.vocabularySize, contextLength: configuration.contextLength)
        transformer = try TextTransformer(file, backend: backend, team: team)
        self.team = team
        scratch = TextScratch(configuration, memberCount: team.memberCount)
        output = Matrix(rows: 1, columns: configuration.projectionDimension)
    }

    /// The embedding of `text`: the raw projection, not of unit length.
    ///
    /// Text beyond the context is cut off, as the reference does.
    ///
    /// - Complexity: About 10 ms for ViT-B/32 and a few words on two cores.
    public func encode(_ text: String) -> [Float] {
        encode(tokens: tokenizer.tokens(of: text))
    }

    /// The embedding of `tokens`, which end with end-of-text; those after the first one are passed over.
    package func encode(tokens: [Int]) -> [Float] {
        let end = tokens.firstIndex(of: tokenizer.endOfText) ?? tokens.count - 1
        transformer(Array(tokens[...end]), into: &output, scratch: &scratch, team: team)
        return output.elements(ofRow: 0)
    }
}
