// SPDX-License-Identifier: MIT

/// Resizes images to the bytes of Pillow's `Image.resize(size, BICUBIC)`.
///
/// Two passes, first along the rows, then along the columns, each rounded to 8 bits and clipped; a pass
/// that would keep its length is skipped, and the first one makes only the rows that the second reads.
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
        let (short, long) = (min(image.width, image.height), max(image.width, image.height))
        let target = shortestEdge * long / short
        let isPortrait = image.width <= image.height
        self.init(width: isPortrait ? shortestEdge : target, height: isPortrait ? target : shortestEdge)
    }

    /// The whole resized image.
    package func callAsFunction(_ image: RGBImage) -> RGBImage {
        self(image, columns: 0..<width, rows: 0..<height)
    }

    /// A window of the resized image, without computing the rest.
    ///
    /// - Parameters:
    ///   - image: The source.
    ///   - columns: Columns wanted, within the result's width, not empty.
    ///   - rows: Rows wanted, within the result's height, not empty.
    /// - Complexity: O(window · source extent it covers). Allocates the window and one intermediate image.
    package func callAsFunction(_ image: RGBImage, columns: Range<Int>, rows: Range<Int>) -> RGBImage {
        precondition(columns.lowerBound >= 0 && columns.upperBound <= width, "columns \(columns) of \(width)")
        precondition(rows.lowerBound >= 0 && rows.upperBound <= height, "rows \(rows) of \(height)")
        let vertical =
            height == image.height ? nil : ResampleCoefficients(from: image.height, to: height, window: rows)
        let sourceRows = vertical.map(Self.extent) ?? rows
        let band: [UInt8]
        if width == image.width {
            band = CenterCrop.copy(image, columns: columns, rows: sourceRows)
        } else {
            let horizontal = ResampleCoefficients(from: image.width, to: width, window: columns)
            band = resampleRows(of: image.bytes, width: image.width, rows: sourceRows, horizontal)
        }
        let bytes =
            vertical.map {
                resampleColumns(of: band, width: columns.count, firstRow: sourceRows.lowerBound, $0)
            }
        return RGBImage(width: columns.count, height: rows.count, bytes: bytes ?? band)
    }

    /// The source samples that any output sample reads.
    private static func extent(_ coefficients: ResampleCoefficients) -> Range<Int> {
        let last = coefficients.starts.count - 1
        return coefficients.starts[0]..<coefficients.starts[last] + coefficients.counts[last]
    }
}
