// SPDX-License-Identifier: MIT

/// Why bytes did not become an image.
public enum ImageError: Error, Equatable, Sendable {
    /// There are no bytes at all.
    case empty
    /// The content is not JPEG, PNG or WebP; `found` names what it looks like.
    case unsupportedType(found: String)
    /// The header belongs to a supported format, but to a kind of it that is not supported.
    case unsupportedVariant(format: String, message: String)
    /// The data ends before the image does.
    case truncated(format: String)
    /// The data contradicts its format; `message` is the decoder's own.
    case corrupt(format: String, message: String)
    /// The header declares a width or height of zero.
    case zeroSized(format: String, width: Int, height: Int)
    /// The file is longer than the limit.
    case tooManyBytes(count: Int, limit: Int)
    /// Width times height exceeds the limit.
    case tooManyPixels(width: Int, height: Int, limit: Int)
    /// Width or height exceeds the limit.
    case dimensionTooLarge(width: Int, height: Int, limit: Int)
    /// After resizing its shortest edge the picture would be unreasonably long.
    case aspectRatioTooLarge(width: Int, height: Int)
    /// There is not enough memory for the picture.
    case outOfMemory(width: Int, height: Int)
    /// An encoder refused the picture.
    case notEncodable(message: String)

    /// A stable name for programs: the same for all causes that call for the same reaction.
    public var code: String {
        switch self {
        case .empty: "empty_image"
        case .unsupportedType, .unsupportedVariant: "unsupported_image_type"
        case .truncated, .corrupt: "undecodable_image"
        case .zeroSized: "zero_sized_image"
        case .tooManyBytes, .tooManyPixels, .dimensionTooLarge, .aspectRatioTooLarge: "image_too_large"
        case .outOfMemory: "out_of_memory"
        case .notEncodable: "unencodable_image"
        }
    }
}

extension ImageError: CustomStringConvertible {
    /// One sentence that states what was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .empty:
            "The image is empty (0 bytes); expected a JPEG, PNG or WebP file."
        case .unsupportedType(let found):
            "The content is \(found), not an image that can be read here; convert it to JPEG, PNG or WebP."
        case .unsupportedVariant(let format, let message):
            "This kind of \(format) file is not supported (\(message)); save it again as an ordinary one."
        case .truncated(let format):
            "The \(format) file ends before its image does; transfer it again completely."
        case .corrupt(let format, let message):
            "The \(format) file is damaged (\(message)); transfer or save it again."
        case .zeroSized(let format, let width, let height):
            "The \(format) file declares \(width) × \(height) pixels; expected at least 1 × 1."
        case .tooManyBytes(let count, let limit):
            "The image has \(count) bytes, more than the limit of \(limit); send a smaller file."
        case .tooManyPixels(let width, let height, let limit):
            "The image has \(width) × \(height) pixels, more than the limit of \(limit) in all; scale it down."
        case .dimensionTooLarge(let width, let height, let limit):
            "The image has \(width) × \(height) pixels, a side above the limit of \(limit); scale it down."
        case .aspectRatioTooLarge(let width, let height):
            "The image of \(width) × \(height) pixels is too long for its breadth to be resized; crop it first."
        case .outOfMemory(let width, let height):
            "There is not enough memory for an image of \(width) × \(height) pixels; scale it down."
        case .notEncodable(let message):
            "The picture cannot be written as JPEG (\(message))."
        }
    }
}
