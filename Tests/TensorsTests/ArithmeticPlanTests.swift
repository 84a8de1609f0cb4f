// SPDX-License-Identifier: MIT
import Tensors
import Testing

@Suite("Choice of arithmetic")
struct ArithmeticPlanTests {
    static let all = ProductKernel.supported
    static let hasSinglePrecision = all.contains { $0.format == .fp32 && !$0.isPortable }

    @Test("Each precision gets the fastest kernels that compute right", arguments: Precision.allCases)
    func fastestFirst(precision: Precision) throws {
        let plan = try ArithmeticPlan(precision: precision, backend: .auto)
        let format = ProductFormat(rawValue: precision.rawValue)
        #expect(plan.notices.isEmpty)
        if precision != .fp32 || Self.hasSinglePrecision {
            #expect(plan.encoder == Self.all.first { $0.format == format })
            #expect(plan.precision == precision)
        }
        // Rounding queries and keys to 8 bits would cost more than everything else together.
        #expect(plan.sharpHeads?.format != .int8 && plan.sharpHeads?.format != .bf16)
        // Nor would rounding the patches, which all layers build on, to 8 bits.
        #expect(plan.ends == (precision == .int8 ? plan.sharpHeads : plan.encoder))
        #expect(plan.attention == (plan.encoder == nil ? .blas : .vectors))
    }

    @Test("The linked BLAS is used on request, in single precision only")
    func blasOnRequest() throws {
        #expect(try ArithmeticPlan(precision: .fp32, backend: .cblas) == .blas)
        #expect(try ArithmeticPlan(precision: nil, backend: .cblas) == .blas)
        for precision in [Precision.bf16, .int8] {
            #expect(throws: ArithmeticError.blasIsSinglePrecision(precision)) {
                try ArithmeticPlan(precision: precision, backend: .cblas)
            }
        }
    }

    @Test("A kernel that computes wrong is passed over, and said so", arguments: Precision.allCases)
    func wrongKernelIsPassedOver(precision: Precision) throws {
        let best = try ArithmeticPlan(precision: precision, backend: .auto)
        guard let broken = best.encoder else { return }
        let plan = try ArithmeticPlan(precision: precision, backend: .auto) { $0 != broken }
        #expect(plan.encoder != broken && plan.sharpHeads != broken)
        #expect(plan.notices.contains { $0.contains(broken.name) })
    }

    @Test(
        "Without any kernel that computes right, the linked BLAS is used and said so",
        arguments: Precision.allCases)
    func fallsBackToBLAS(precision: Precision) throws {
        let plan = try ArithmeticPlan(precision: precision, backend: .auto) { _ in false }
        #expect(plan.precision == .fp32 && plan.encoder == nil && plan.attention == .blas)
        #expect(plan.summary == "fp32 (BLAS)")
        #expect(plan.notices.contains { $0.contains("linked BLAS") } || !Self.hasSinglePrecision)
        #expect(throws: ArithmeticError.self) {
            try ArithmeticPlan(precision: precision, backend: .packed) { _ in false }
        }
    }

    @Test("A processor without kernels of its own computes in single precision by the linked BLAS, silently")
    func portableOnly() throws {
        let portable = Self.all.filter(\.isPortable)
        let plan = try ArithmeticPlan(precision: .fp32, backend: .auto, kernels: portable)
        #expect(plan == .blas)
        let eight = try ArithmeticPlan(precision: .int8, backend: .auto, kernels: portable)
        #expect(eight.precision == .int8 && eight.attention == .vectors && eight.encoder?.isPortable == true)
    }

    @Test("Auto takes bfloat16 where the processor has instructions for it, else single precision")
    func auto() throws {
        let plan = try ArithmeticPlan(precision: nil, backend: .auto)
        let native = Self.all.contains { $0.name == "AVX-512 BF16" }
        #expect(plan.precision == (native ? .bf16 : .fp32))
    }
}
