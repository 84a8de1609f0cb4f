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

/// x / (1 + e^(−1.702 x)).
@inline(__always)
package func quickGELU(_ x: Lanes) -> Lanes {
    x / (exponential(x * -1.702) + 1)
}

/// x/2 · (1 + erf(x/√2)).
@inline(__always)
package func gaussianErrorLinearUnit(_ x: Lanes) -> Lanes {
    x * 0.5 * (errorFunction(x * 0.70710678118654752) + 1)
}
