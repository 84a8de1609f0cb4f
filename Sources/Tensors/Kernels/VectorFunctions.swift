// SPDX-License-Identifier: MIT
internal import CVectorKernels

/// The element-wise kernels: which instruction set they use, and their functions on their own for tests of accuracy.
///
/// Written once in C with vector types of sixteen lanes and compiled for AVX-512, AVX2 and the baseline, because Swift
/// cannot compile one function for several instruction sets; see docs/decisions/0004-vector-kernels-in-c.md.
package enum VectorFunctions {
    /// Instruction sets that this build and this processor offer; the last one is used.
    package static var levelCount: Int { Int(vector_level_count()) }

    /// Name of the instruction set in use.
    package static var levelName: String {
        guard let name = unsafe vector_level_name() else { return "unknown" }
        return unsafe String(cString: name)
    }

    /// Uses the instruction set `level`, 0 for the baseline, in the whole process; for tests, run one after another.
    package static func useLevel(_ level: Int) { vector_set_level(Int32(level)) }

    /// eˣ of every element: within 2 ulp from −87 to 88, saturating outside, NaN for NaN.
    package static func exponential(_ x: [Float]) -> [Float] {
        unsafe apply(x) { source, destination, count in unsafe vector_exp(source, destination, count) }
    }

    /// erf of every element: absolute error at most 3e-7.
    package static func errorFunction(_ x: [Float]) -> [Float] {
        unsafe apply(x) { source, destination, count in unsafe vector_erf(source, destination, count) }
    }

    /// x·σ(1.702x) or x·Φ(x) of every element.
    package static func activation(_ activation: Activation, _ x: [Float]) -> [Float] {
        unsafe apply(x) { source, destination, count in
            // Safe: both arrays hold `count` elements.
            var block = unsafe vector_block(
                rows: 1, columns: count, x: source, x_stride: count, y: destination, y_stride: count,
                bias: nil,
                integers: nil)
            switch activation {
            case .quickGELU: unsafe vector_add_quick_gelu(&block)
            case .gelu: unsafe vector_add_gelu(&block)
            }
        }
    }

    private static func apply(
        _ x: [Float], _ kernel: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    ) -> [Float] {
        // Safe: the result has room for as many elements as `x` has.
        unsafe [Float](unsafeUninitializedCapacity: x.count) { result, count in
            unsafe x.withUnsafeBufferPointer { source in
                guard let source = source.baseAddress, let destination = result.baseAddress else { return }
                unsafe kernel(source, destination, x.count)
            }
            count = x.count
        }
    }
}
