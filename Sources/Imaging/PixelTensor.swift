// SPDX-License-Identifier: MIT

/// What the vision tower reads: normalised pixels, planar, `[3, height, width]`.
public struct PixelTensor: Sendable, Equatable {
    /// Planes: red, green, blue.
    public static let channels = 3
    /// Rows of each plane.
    public let height: Int
    /// Values in a row.
    public let width: Int
    /// `3 · height · width` values, the red plane first, each from its top row.
    public let values: [Float]

    /// Wraps values that are already in the tensor's layout.
    ///
    /// - Precondition: The count of values fits the dimensions.
    package init(height: Int, width: Int, values: [Float]) {
        precondition(
            values.count == Self.channels * height * width,
            "\(values.count) values, expected [3, \(height), \(width)]")
        self.height = height
        self.width = width
        self.values = values
    }
}
