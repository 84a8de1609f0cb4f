// SPDX-License-Identifier: MIT

/// What an image may cost. Checked against the file's header before anything is allocated.
public struct ImageLimits: Sendable, Equatable {
    /// Largest file, in bytes.
    public var maximumByteCount: Int
    /// Largest width times height, in pixels. A decoded pixel takes 3 bytes, a progressive JPEG and a WebP
    /// need up to 6 more while they are decoded.
    public var maximumPixelCount: Int
    /// Largest width or height, in pixels.
    public var maximumDimension: Int

    /// Limits that no camera's picture meets: 64 MiB, 50 million pixels, 65,535 pixels a side.
    public init(
        maximumByteCount: Int = 64 << 20, maximumPixelCount: Int = 50_000_000, maximumDimension: Int = 65_535
    ) {
        self.maximumByteCount = maximumByteCount
        self.maximumPixelCount = maximumPixelCount
        self.maximumDimension = maximumDimension
    }

    /// Refuses declared dimensions that are zero or beyond the limits.
    func check(_ dimensions: ImageDimensions, _ format: ImageFormat) throws(ImageError) {
        let width = dimensions.width
        let height = dimensions.height
        guard width > 0 && height > 0 else {
            throw .zeroSized(format: format.name, width: width, height: height)
        }
        guard max(width, height) <= maximumDimension else {
            throw .dimensionTooLarge(width: width, height: height, limit: maximumDimension)
        }
        guard dimensions.pixelCount <= maximumPixelCount else {
            throw .tooManyPixels(width: width, height: height, limit: maximumPixelCount)
        }
    }
}
