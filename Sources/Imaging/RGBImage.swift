// SPDX-License-Identifier: MIT

/// An 8-bit image, `[height, width, 3]`: rows from the top, pixels from the left, red, green, blue.
public struct RGBImage: Sendable, Equatable {
    /// Pixels in a row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// `3 · width · height` samples, interleaved, rows without padding.
    public let bytes: [UInt8]

    /// Wraps samples that are already in the image's layout.
    ///
    /// - Parameters:
    ///   - width: Pixels in a row, at least 1.
    ///   - height: Rows, at least 1.
    ///   - bytes: `3 · width · height` samples.
    /// - Precondition: The dimensions are positive and the count of samples fits them.
    public init(width: Int, height: Int, bytes: [UInt8]) {
        precondition(width > 0 && height > 0, "image is \(width) × \(height), expected at least 1 × 1")
        precondition(
            bytes.count == 3 * width * height,
            "\(bytes.count) samples for \(width) × \(height) pixels, expected \(3 * width * height)")
        self.width = width
        self.height = height
        self.bytes = bytes
    }
}
