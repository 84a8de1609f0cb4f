// SPDX-License-Identifier: MIT

/// Why a body is not `multipart/form-data`.
package enum MultipartError: Error, Equatable, Sendable {
    /// The boundary is not 1 to 70 characters of those that RFC 2046 allows.
    case invalidBoundary
    /// No line of the body opens the first part.
    case missingOpeningDelimiter
    /// The body ends before the closing delimiter.
    case missingClosingDelimiter
    /// More parts than allowed.
    case tooManyParts(limit: Int)
    /// The header of a part is longer than allowed, in bytes.
    case headerTooLong(limit: Int)
    /// The header of the part with this index, from 0, cannot be read.
    case malformedHeader(part: Int)
    /// The part with this index has no name.
    case missingName(part: Int)
    /// The part with this index is encoded in a way that forms do not use.
    case unsupportedTransferEncoding(part: Int)

    /// A stable name of the case.
    package var code: String {
        switch self {
        case .invalidBoundary: "invalid_boundary"
        case .missingOpeningDelimiter: "missing_opening_delimiter"
        case .missingClosingDelimiter: "missing_closing_delimiter"
        case .tooManyParts: "too_many_parts"
        case .headerTooLong: "header_too_long"
        case .malformedHeader: "malformed_header"
        case .missingName: "missing_name"
        case .unsupportedTransferEncoding: "unsupported_transfer_encoding"
        }
    }
}

// MARK: - CustomStringConvertible

extension MultipartError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidBoundary:
            "Expected a boundary of 1 to 70 characters in Content-Type, found none or another one."
        case .missingOpeningDelimiter:
            "Expected a line of two hyphens and the boundary, ended by CR LF, found none."
        case .missingClosingDelimiter:
            "Expected the closing delimiter, found the end; send the whole body."
        case .tooManyParts(let limit):
            "Expected at most \(limit) parts, found more."
        case .headerTooLong(let limit):
            "Expected at most \(limit) bytes of header in a part, found more."
        case .malformedHeader(let part):
            "Expected the header of part \(part + 1) as lines of `name: value`, found something else."
        case .missingName(let part):
            "Expected `Content-Disposition: form-data` with a name in part \(part + 1), found none."
        case .unsupportedTransferEncoding(let part):
            "Expected the bytes of part \(part + 1) as they are, found an encoding; send them as binary."
        }
    }
}
