// SPDX-License-Identifier: MIT

/// The square in the middle of an image; where the rest is odd, the smaller half lies left and above.
package struct CenterCrop: Sendable {
    /// Pixels of each side.
    package let size: Int

    /// A crop of `size` × `size` pixels, at least 1.
    package init(size: Int) {
        precondition(size > 0, "crop of \(size) pixels, expected at least 1")
        self.size = size
    }

    /// The part of a line of `length` ≥ `size` pixels that stays.
    package func range(of length: Int) -> Range<Int> {
        let start = (length - size) / 2
        return start..<start + size
    }

    /// The middle of `image`, whose sides are at least ``size``.
    package func callAsFunction(_ image: RGBImage) -> RGBImage {
        precondition(min(image.width, image.height) >= size, "\(image.width) × \(image.height) < \(size)")
        let bytes = Self.copy(image, columns: range(of: image.width), rows: range(of: image.height))
        return RGBImage(width: size, height: size, bytes: bytes)
    }

    /// The samples of a rectangle of `image`, row by row.
    static func copy(_ image: RGBImage, columns: Range<Int>, rows: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * columns.count * rows.count)
        for row in rows {
            let start = 3 * (row * image.width + columns.lowerBound)
            bytes += image.bytes[start..<start + 3 * columns.count]
        }
        return bytes
    }
}
