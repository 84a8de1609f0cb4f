// SPDX-License-Identifier: MIT

/// Why weights cannot be used.
public enum WeightError: Error, Equatable, Sendable {
    /// The file is not an acceptable safetensors file.
    case unreadable(String)
    /// A tensor of the tower is not in the file.
    case missing(tensor: String)
    /// A tensor has another shape than the rest of the tower demands.
    case unexpectedShape(tensor: String, expected: String, found: [Int])
    /// A tensor does not hold floating-point numbers.
    case notFloatingPoint(tensor: String, found: String)
    /// The shapes do not describe a CLIP tower.
    case unsupportedModel(String)
    /// The file holds an image tower alone.
    case noTextTower
    /// The file holds no merges for the tokenizer.
    case noVocabulary
    /// The tokenizer's merges contradict themselves or the model.
    case unusableVocabulary(String)
    /// The linked BLAS computes wrong products on this processor.
    case wrongBLAS(String)
    /// The precision or backend asked for cannot be had on this processor.
    case unsupportedArithmetic(String)
    /// There is not enough memory.
    case outOfMemory(String)
}

extension WeightError: CustomStringConvertible {
    /// One sentence: what was expected, what was found, what to do next.
    public var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .missing(let tensor):
            "The weights have no tensor '\(tensor)'; convert the original model again with 'afterimage weights convert'."
        case .unexpectedShape(let tensor, let expected, let found):
            "Tensor '\(tensor)' has shape \(found), expected \(expected); convert the original model again."
        case .notFloatingPoint(let tensor, let found):
            "Tensor '\(tensor)' holds \(found), expected F16, BF16, F32 or F64; convert the original model again."
        case .unsupportedModel(let reason):
            "The weights are not a CLIP model: \(reason)."
        case .noTextTower:
            "The weights have no text tower, so text cannot be embedded; convert a whole CLIP model with 'afterimage weights convert'."
        case .noVocabulary:
            "The weights have no vocabulary, so text cannot be embedded; add one with 'afterimage weights convert WEIGHTS --vocabulary merges.txt --out FILE'."
        case .unusableVocabulary(let reason): reason
        case .wrongBLAS(let reason): reason
        case .unsupportedArithmetic(let reason): reason
        case .outOfMemory(let reason): reason
        }
    }

    /// Stable name for logs, rows and clients.
    public var code: String {
        switch self {
        case .unreadable, .missing, .unexpectedShape, .notFloatingPoint, .unsupportedModel: "invalid_weights"
        case .unusableVocabulary: "invalid_weights"
        case .noTextTower: "no_text_tower"
        case .noVocabulary: "no_vocabulary"
        case .wrongBLAS: "wrong_blas"
        case .unsupportedArithmetic: "unsupported_arithmetic"
        case .outOfMemory: "out_of_memory"
        }
    }
}
