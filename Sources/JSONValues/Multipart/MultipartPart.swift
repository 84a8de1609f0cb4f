// SPDX-License-Identifier: MIT

/// One part of a `multipart/form-data` body.
package struct MultipartPart: Equatable, Sendable {
    /// The name of the form's field.
    package let name: String
    /// The client's name for the file, as sent: it may hold path separators and is never a path to open.
    package let filename: String?
    /// The client's `Content-Type`, as sent; a claim, not a fact.
    package let contentType: String?
    /// The bytes, which share their storage with the body.
    package let body: ArraySlice<UInt8>
}
