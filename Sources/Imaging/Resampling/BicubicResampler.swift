// SPDX-License-Identifier: MIT

/// Resizes images to the bytes of Pillow's `Image.resize(size, BICUBIC)`.
///
/// Two passes, first along the rows, then along the columns, each rounded to 8 bits and clipped. A pass that
/// keeps a length changes nothing, and the first one makes only the rows that the second reads.
///
/// Source: Pillow 13.0, `Resample.c`, `ImagingResampleInner`.
package struct BicubicResampler: Sendable {
    /// Pixels in a row of the whole result.
    package let width: Int
    /// Rows of the whole result.
    package let height: Int

    /// A resampler to `width` × `height` pixels, both at least 1.
    package init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "target is \(width) × \(height), expected at least 1 × 1")
        self.width = width
        self.height = height
    }

    /// A resampler that makes the shorter edge of `image` as long as `shortestEdge`, truncating the other.
    package init(shortestEdge: Int, of image: RGBImage) {
        self.init(shortestEdge: shortestEdge, of: ImageDimensions(width: image.width, height: image.height))
    }

    /// The same for an image that is not there yet.
    init(shortestEdge: Int, of image: ImageDimensions) {
        let (short, long) = (min(image.width, image.height), max(image.width, image.height))
        let target = shortestEdge * long / short
        let isPortrait = image.width <= image.height
        self.init(width: isPortrait ? shortestEdge : target, height: isPortrait ? target : shortestEdge)
    }

    /// The whole resized image.
    ///
    /// - Throws: ``ImageError/outOfMemory(width:height:)``.
    package func callAsFunction(_ image: RGBImage) throws(ImageError) -> RGBImage {
        try self(image, columns: 0..<width, rows: 0..<height)
    }

    /// A window of the resized image, without computing the rest.
    ///
    /// - Parameters:
    ///   - image: The source.
    ///   - columns: Columns wanted, within the result's width, not empty.
    ///   - rows: Rows wanted, within the result's height, not empty.
    /// - Returns: An image of as many columns and rows as were asked for.
    /// - Throws: ``ImageError/outOfMemory(width:height:)`` when there is no memory for the intermediate image.
    /// - Complexity: O(window · source extent it covers). Allocates the window and one intermediate image.
    package func callAsFunction(
        _ image: RGBImage, columns: Range<Int>, rows: Range<Int>
    ) throws(ImageError) -> RGBImage {
        let dimensions = ImageDimensions(width: image.width, height: image.height)
        guard var state = state(for: dimensions, columns: columns, rows: rows) else {
            throw .outOfMemory(width: image.width, height: image.height)
        }
        state.take(image)
        return state.finish()
    }

    /// Number of instruction sets that the passes can be done with on this processor; the highest is the fastest.
    package static var levelCount: Int { ResamplingState.levelCount }

    /// Uses instruction set `level` in the whole process from now on, for the tests; nil is the fastest.
    ///
    /// All give the same bytes. A preprocessor may still use another for sizes that it met before.
    package static func useLevel(_ level: Int?) { ResamplingState.useLevel(level) }

    /// What resizes images of `dimensions` to a window of the result; nil when memory is short.
    func state(for dimensions: ImageDimensions, columns: Range<Int>, rows: Range<Int>) -> ResamplingState? {
        precondition(columns.lowerBound >= 0 && columns.upperBound <= width, "columns \(columns) of \(width)")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= height, "rows \(rows) of \(height)")
        return ResamplingState(
            columns: ResampleCoefficients(from: dimensions.width, to: width, window: columns),
            rows: ResampleCoefficients(from: dimensions.height, to: height, window: rows))
    }
}
