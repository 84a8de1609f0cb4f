// SPDX-License-Identifier: MIT

/// The nonlinearity between the two linear maps of a transformer's MLP.
package enum Activation: String, Sendable, CaseIterable {
    /// x · σ(1.702 x), the approximation that OpenAI's CLIP models were trained with.
    ///
    /// Source: `QuickGELU` in OpenAI's `clip/model.py`.
    case quickGELU = "quick_gelu"
    /// x · Φ(x), exact by the error function.
    ///
    /// Source: Hendrycks and Gimpel 2016, equation 1.
    case gelu
}
