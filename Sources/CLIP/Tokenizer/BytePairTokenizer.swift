// SPDX-License-Identifier: MIT
package import Checkpoints
internal import Tensors

/// CLIP's tokenizer: text to the numbers that the text tower reads.
///
///     text → NFC → lower case → words → bytes → merged tokens
///
/// The same ids as `CLIPTokenizer` of Hugging Face Transformers gives. The names of the two special tokens inside a text
/// stand for those tokens.
public struct BytePairTokenizer: Sendable {
    /// Tokens that the model reads at most, start and end included; 77.
    public let contextLength: Int

    private let table: MergeTable

    /// A tokenizer of `table` for texts of `contextLength` tokens, at least 2.
    package init(_ table: MergeTable, contextLength: Int = 77) {
        precondition(contextLength >= 2, "a text has two tokens at least, not \(contextLength)")
        self.table = table
        self.contextLength = contextLength
    }

    /// Reads the merges in a weights file.
    ///
    /// - Throws: ``WeightError/noVocabulary`` or ``WeightError/unusableVocabulary(_:)``.
    package init(_ file: SafetensorsFile, tokenCount: Int?, contextLength: Int = 77) throws(WeightError) {
        guard file.contains(WeightsMetadata.mergesTensor) else { throw .noVocabulary }
        let bytes: ByteSlice
        do throws(SafetensorsError) {
            bytes = try file.tensor(WeightsMetadata.mergesTensor).bytes
        } catch {
            throw .unreadable(error.description)
        }
        do throws(CheckpointError) {
            self.init(try MergeTable(bytes, tokenCount: tokenCount), contextLength: contextLength)
        } catch {
            throw .unusableVocabulary(error.description)
        }
    }

    /// Number of the token that begins every text; 49406.
    public var startOfText: Int { table.startOfText }
    /// Number of the token that ends every text; 49407.
    public var endOfText: Int { table.endOfText }

    /// The tokens of `text` from start to end, at most `contextLength`; the last one is always the end.
    ///
    /// - Complexity: O(n log n) in the length of the text; words beyond the context are not looked at.
    public func tokens(of text: String) -> [Int] {
        var tokens = [startOfText]
        let encode = BytePairEncoder(table: table)
        for segment in SpecialTokenScanner(text) {
            guard tokens.count < contextLength else { break }
            switch segment {
            case .startOfText: tokens.append(startOfText)
            case .endOfText: tokens.append(endOfText)
            case .text(let part):
                for word in WordSplitter(Self.normalized(part)) {
                    tokens += encode(word)
                    if tokens.count >= contextLength { break }
                }
            }
        }
        return tokens.prefix(contextLength - 1) + [endOfText]
    }

    /// The tokens of `text`, filled up with end-of-text to exactly `contextLength`, as the reference pads.
    public func paddedTokens(of text: String) -> [Int] {
        let tokens = tokens(of: text)
        return tokens + Array(repeating: endOfText, count: contextLength - tokens.count)
    }

    /// NFC, then lower case character by character: a final sigma is like any other.
    private static func normalized(_ text: String) -> [Unicode.Scalar] {
        CanonicalComposition.shared(text.unicodeScalars).flatMap { scalar -> [Unicode.Scalar] in
            if scalar.isASCII {
                return [("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar]
            }
            return Array(scalar.properties.lowercaseMapping.unicodeScalars)
        }
    }
}
