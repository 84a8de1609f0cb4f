// SPDX-License-Identifier: MIT
internal import COpenBLAS
internal import Glibc

/// The linked BLAS library: what it is, how it is set up, and whether it computes right on this processor.
package enum BLAS {
    /// Name of the kernels OpenBLAS chose for this processor, for example `SkylakeX`.
    package static var coreName: String {
        guard let name = unsafe openblas_get_corename() else { return "unknown" }
        return unsafe String(cString: name)
    }

    /// Build description of the library, for example `OpenBLAS 0.3.21 …`.
    package static var configuration: String {
        guard let text = unsafe openblas_get_config() else { return "unknown" }
        return unsafe String(cString: text)
    }

    /// Makes the library compute on the calling thread alone.
    ///
    /// The setting belongs to the process. A ``ThreadTeam`` does the splitting, and threads of the library under
    /// the threads of a team would fight for the same cores; see docs/decisions/0001-own-threads-over-blas.md.
    /// Reading this constant is enough, and costs nothing after the first time.
    package static let isSingleThreaded: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// `c ← scale · a · bᵀ + keep · c` on one thread.
    ///
    /// Shapes: `a` [m, k] with rows `aStride` apart, `b` [n, k], `c` [m, n], all row-major. Each element is within
    /// γ(k) · Σ|a||b| of the exact sum; the order of summation, hence the last bits, belongs to the library.
    static func multiply(
        _ a: UnsafePointer<Float>, _ aStride: Int, byTransposeOf b: UnsafePointer<Float>, _ bStride: Int,
        into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int,
        scale: Float = 1, keep: Float = 0, clock: UnsafeMutablePointer<UInt64>?
    ) {
        guard m > 0, n > 0 else { return }
        unsafe timed(clock) {
            unsafe cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(k), scale, a,
                Int32(aStride),
                b, Int32(bStride), keep, c, Int32(cStride))
        }
    }

    /// `c ← a · b` on one thread; shapes: `a` [m, k], `b` [k, n], `c` [m, n].
    static func multiply(
        _ a: UnsafePointer<Float>, _ aStride: Int, by b: UnsafePointer<Float>, _ bStride: Int,
        into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int,
        clock: UnsafeMutablePointer<UInt64>?
    ) {
        guard m > 0, n > 0 else { return }
        unsafe timed(clock) {
            unsafe cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a, Int32(aStride),
                b, Int32(bStride), 0, c, Int32(cStride))
        }
    }

    /// Runs a product and adds its duration to `clock`, if anybody measures.
    @inline(__always)
    private static func timed(_ clock: UnsafeMutablePointer<UInt64>?, _ product: () -> Void) {
        guard let clock = unsafe clock else { return product() }
        let start = nanoseconds()
        product()
        unsafe clock.pointee += nanoseconds() - start
    }

    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
