// SPDX-License-Identifier: MIT

/// Who multiplies matrices.
public enum ProductBackend: String, Sendable, Hashable, CaseIterable {
    /// Our own kernels where this processor has them, else the linked BLAS.
    case auto
    /// Our own kernels, or an error.
    case packed
    /// The linked BLAS; single precision only.
    case cblas
}

/// Which kernel multiplies in which part of a model on this processor; decided once, when a model is loaded.
package struct ArithmeticPlan: Sendable, Equatable {
    /// Precision of most weights of the encoder layers.
    package let precision: Precision
    /// Linear maps of the encoder layers but queries and keys of sharp heads; nil for the linked BLAS.
    package let encoder: ProductKernel?
    /// Queries and keys of sharp heads: a peaked softmax multiplies their errors, so they are never rounded to fewer
    /// than 11 bits.
    package let sharpHeads: ProductKernel?
    /// Patch embedding and final projection, 3 % of the weights: errors of the first map go through all layers, so beside
    /// 8 bits they are as fine as sharp heads; else they are as the encoder.
    package let ends: ProductKernel?
    /// Who computes attention.
    package let attention: AttentionBackend
    /// What a person should know: why something slower than asked for is used.
    package let notices: [String]

    /// The linked BLAS in single precision.
    package static let blas = ArithmeticPlan(
        precision: .fp32, encoder: nil, sharpHeads: nil, ends: nil, attention: .blas, notices: [])

    private init(
        precision: Precision, encoder: ProductKernel?, sharpHeads: ProductKernel?, ends: ProductKernel?,
        attention: AttentionBackend, notices: [String]
    ) {
        self.precision = precision
        self.encoder = encoder
        self.sharpHeads = sharpHeads
        self.ends = ends
        self.attention = attention
        self.notices = notices
    }

    /// The plan for a precision and a backend.
    ///
    /// - Parameters:
    ///   - requested: Nil for the fastest of this processor that keeps a cosine of 0.9999 to single precision.
    ///   - backend: Who multiplies.
    ///   - kernels: Kernels of this processor, the fastest of each precision first.
    ///   - passes: Whether a kernel computes right; one that does not is passed over, with a notice.
    /// - Throws: ``ArithmeticError`` when the request contradicts itself or this processor.
    package init(
        precision requested: Precision?, backend: ProductBackend,
        kernels: [ProductKernel] = ProductKernel.supported,
        passes: @escaping (ProductKernel) -> Bool = ProductKernelSelfCheck.passes
    ) throws(ArithmeticError) {
        if backend == .cblas {
            guard requested ?? .fp32 == .fp32 else { throw .blasIsSinglePrecision(requested ?? .fp32) }
            self = .blas
            return
        }
        let precision = requested ?? Self.fastest(of: kernels)
        var choice = KernelChoice(kernels: kernels, passes: passes)
        let single = precision == .int8 ? nil : choice.kernel(.fp32)
        let encoder = precision == .fp32 ? single : choice.kernel(precision == .bf16 ? .bf16 : .int8)
        let keys = precision != .int8 ? single : choice.kernel(.int16)
        guard let encoder, let keys else {
            if backend == .packed { throw .noKernel(precision, notices: choice.notices) }
            // Plain single precision on a processor without kernels is what BLAS is there for: nothing to report.
            let reason =
                precision == .fp32 && choice.notices.isEmpty
                ? []
                : ["\(precision) is not available here; single precision by the linked BLAS is used instead."]
            self.init(
                precision: .fp32, encoder: nil, sharpHeads: nil, ends: nil, attention: .blas,
                notices: choice.notices + reason)
            return
        }
        self.init(
            precision: precision, encoder: encoder, sharpHeads: keys,
            ends: precision == .int8 ? keys : encoder, attention: .vectors, notices: choice.notices)
    }

    /// Measured on the golden vectors: bfloat16 keeps 0.9999 and 8 bits do not; without instructions for it, bfloat16 is
    /// not faster than single precision.
    private static func fastest(of kernels: [ProductKernel]) -> Precision {
        kernels.contains { $0.format == .bf16 && $0.name == "AVX-512 BF16" } ? .bf16 : .fp32
    }

    /// The plan for people, for example `int8 (AVX-512 VNNI)`.
    package var summary: String { "\(precision) (\(encoder?.name ?? "BLAS"))" }
}

/// Takes the first kernel of a format that computes right.
private struct KernelChoice {
    let kernels: [ProductKernel]
    let passes: (ProductKernel) -> Bool
    var notices: [String] = []

    mutating func kernel(_ format: ProductFormat) -> ProductKernel? {
        for kernel in kernels where kernel.format == format {
            // In single precision BLAS is the better fallback.
            if format == .fp32 && kernel.isPortable { continue }
            if passes(kernel) { return kernel }
            let notice =
                "The \(kernel.name) kernel computes wrong \(format) products on this processor and is not used."
            if !notices.contains(notice) { notices.append(notice) }
        }
        return nil
    }
}

/// Why an arithmetic cannot be had.
package enum ArithmeticError: Error, Equatable, Sendable {
    /// The linked BLAS multiplies in single precision only.
    case blasIsSinglePrecision(Precision)
    /// Our own kernels were demanded, and this processor has none of the precision, or none that computes right.
    case noKernel(Precision, notices: [String])
}

extension ArithmeticError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .blasIsSinglePrecision(let precision):
            "The linked BLAS multiplies in fp32 only, and \(precision) was asked for; use --backend auto, or --precision fp32."
        case .noKernel(let precision, let notices):
            (notices
                + [
                    "This processor has no kernel of its own for \(precision); use --backend auto, which falls back to the linked BLAS."
                ])
                .joined(separator: " ")
        }
    }
}
