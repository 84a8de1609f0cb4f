// SPDX-License-Identifier: MIT

/// Takes an image file to the tensor that CLIP's vision tower reads.
///
///     bytes → decoded → resized (shortest edge) → cropped (middle square) → normalised
///
/// Every stage before the last has the bytes of Pillow 13.0, the tensor those of Hugging Face's PIL image
/// processor.
public struct ImagePreprocessor: Sendable {
    /// Pixels of each side of the square that the tower reads.
    public let imageSize: Int

    private let limits: ImageLimits
    private let resampling = ResamplingPool()

    /// Makes a preprocessor; it may be used from many threads at once.
    ///
    /// - Parameters:
    ///   - imageSize: Side of the square in pixels, at least 1; 224 for ViT-B/32, 336 for ViT-L/14@336.
    ///   - limits: What a file may cost.
    public init(imageSize: Int = 224, limits: ImageLimits = .init()) {
        precondition(imageSize > 0, "image size is \(imageSize), expected at least 1")
        self.imageSize = imageSize
        self.limits = limits
    }

    /// The tensor of an image file, `[3, imageSize, imageSize]`.
    ///
    /// - Throws: ``ImageError``, when the file cannot be decoded.
    /// - Complexity: O(bytes + pixels). Resizes only what the crop keeps. A JPEG is resized while it is decoded and
    ///   never exists as a whole. Weights and intermediate memory are kept for the next picture of the same size.
    public func callAsFunction(_ bytes: [UInt8]) throws(ImageError) -> PixelTensor {
        switch try ImageDecoder(limits: limits).open(bytes) {
        case .image(let image): return try tensor(image)
        case .jpeg(let header):
            let dimensions = header.dimensions
            let tensor = try resampling.withState(for: dimensions, make) { state throws(ImageError) in
                try state.take(jpeg: bytes, header)
                return state.finish(.clip)
            }
            guard let tensor else { throw .outOfMemory(width: dimensions.width, height: dimensions.height) }
            return tensor
        }
    }

    /// The pixels of the file, of its own dimensions.
    package func decoded(_ bytes: [UInt8]) throws(ImageError) -> RGBImage {
        try ImageDecoder(limits: limits).decode(bytes)
    }

    /// The whole image with its shortest edge resized to ``imageSize``.
    ///
    /// - Throws: ``ImageError/aspectRatioTooLarge(width:height:)`` when the result would exceed the limit of
    ///   pixels, as that of a picture of 1 × 60,000 pixels would; ``ImageError/outOfMemory(width:height:)``.
    package func resized(_ image: RGBImage) throws(ImageError) -> RGBImage {
        let resample = BicubicResampler(shortestEdge: imageSize, of: image)
        guard resample.width <= limits.maximumPixelCount / resample.height else {
            throw .aspectRatioTooLarge(width: image.width, height: image.height)
        }
        return try resample(image)
    }

    /// The middle square of the resized image; equal to cropping ``resized(_:)``, but no other pixel of it is
    /// computed, so that a long picture costs no more than another.
    ///
    /// - Throws: ``ImageError/outOfMemory(width:height:)``.
    package func cropped(_ image: RGBImage) throws(ImageError) -> RGBImage {
        let resample = BicubicResampler(shortestEdge: imageSize, of: image)
        let crop = CenterCrop(size: imageSize)
        return try resample(
            image, columns: crop.range(of: resample.width), rows: crop.range(of: resample.height))
    }

    /// The tensor of a decoded image.
    ///
    /// - Throws: ``ImageError/outOfMemory(width:height:)``.
    package func tensor(_ image: RGBImage) throws(ImageError) -> PixelTensor {
        let dimensions = ImageDimensions(width: image.width, height: image.height)
        let tensor = resampling.withState(for: dimensions, make) { state in
            state.take(image)
            return state.finish(.clip)
        }
        guard let tensor else { throw .outOfMemory(width: image.width, height: image.height) }
        return tensor
    }

    private func make(_ dimensions: ImageDimensions) -> ResamplingState? {
        let resample = BicubicResampler(shortestEdge: imageSize, of: dimensions)
        let crop = CenterCrop(size: imageSize)
        return resample.state(
            for: dimensions, columns: crop.range(of: resample.width), rows: crop.range(of: resample.height))
    }
}
