// SPDX-License-Identifier: MIT

/// One line of the report: one stage under one setting; times are per image.
struct Measurement: Codable {
    var stage: String
    var precision: String
    var backend: String
    var threads: Int
    var batch: Int
    var image: String?
    var medianMilliseconds: Double
    var minimumMilliseconds: Double
    var p95Milliseconds: Double
    /// Operations of the linear maps and attention products by the median time.
    var gflops: Double?
    /// Median of time over the time that as many operations take in registers alone, just before and after.
    var overLimit: Double?
    /// Of the linked BLAS: share of the time that is not spent inside `cblas_sgemm`.
    var shareOutsideProducts: Double?

    enum CodingKeys: String, CodingKey {
        case stage, precision, backend, threads, batch, image, gflops
        case medianMilliseconds = "median_ms"
        case minimumMilliseconds = "min_ms"
        case p95Milliseconds = "p95_ms"
        case overLimit = "times_limit"
        case shareOutsideProducts = "share_outside_sgemm"
    }

    init(
        stage: String, precision: String, backend: String, threads: Int, batch: Int = 1, image: String? = nil,
        _ samples: Samples
    ) {
        self.stage = stage
        self.precision = precision
        self.backend = backend
        self.threads = threads
        self.batch = batch
        self.image = image
        medianMilliseconds = samples.median * 1000 / Double(batch)
        minimumMilliseconds = samples.minimum * 1000 / Double(batch)
        p95Milliseconds = samples.quantile(0.95) * 1000 / Double(batch)
    }
}
