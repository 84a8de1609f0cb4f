// SPDX-License-Identifier: MIT

/// Arithmetic of a model's linear maps.
///
/// LayerNorm, softmax, attention, activations and the residual stream are in
/// single precision in all of them.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// Single precision: the reference's own arithmetic.
    case fp32
    /// Weights and inputs of linear maps rounded to bfloat16, sums in single precision. Half the memory.
    case bf16
    /// Weights and inputs of linear maps rounded to 8 bits, sums exact. A quarter of the memory; embeddings of their own
    /// model version.
    case int8
}
