// SPDX-License-Identifier: MIT

/// Why some bytes are not one JSON document, and where.
package struct JSONError: Error, Equatable, Sendable {
    /// What was found.
    package let reason: Reason
    /// Position in bytes of what is wrong: of the byte itself, or of the start of the number, string or escape.
    package let offset: Int

    package enum Reason: String, Sendable, CaseIterable {
        /// Nothing but white space.
        case emptyDocument = "empty_document"
        /// The bytes end inside a value.
        case unexpectedEnd = "unexpected_end"
        /// A byte that cannot stand here.
        case unexpectedByte = "unexpected_byte"
        /// More after the value.
        case trailingData = "trailing_data"
        /// More arrays and objects inside each other than allowed.
        case tooDeep = "too_deep"
        /// More values in all than allowed.
        case tooManyValues = "too_many_values"
        /// A number that JSON does not write like this, such as `01`, `+1` or `1.`.
        case invalidNumber = "invalid_number"
        /// A number beyond the range of double precision.
        case numberOutOfRange = "number_out_of_range"
        /// A control character inside a string, which must be escaped.
        case controlCharacter = "control_character"
        /// A backslash followed by what is no escape.
        case invalidEscape = "invalid_escape"
        /// Half of a surrogate pair.
        case loneSurrogate = "lone_surrogate"
        /// A string that is not UTF-8.
        case invalidUTF8 = "invalid_utf8"
    }

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// A stable name of the reason.
    package var code: String { reason.rawValue }
}

// MARK: - CustomStringConvertible

extension JSONError: CustomStringConvertible {
    package var description: String { "\(reason) at byte \(offset)." }
}

extension JSONError.Reason: CustomStringConvertible {
    /// What was expected and what was found, without a full stop.
    package var description: String {
        switch self {
        case .emptyDocument: "Expected a JSON value, found nothing"
        case .unexpectedEnd: "Expected the rest of a JSON value, found the end"
        case .unexpectedByte: "Expected JSON, found a byte that cannot stand here"
        case .trailingData: "Expected the end after one JSON value, found more"
        case .tooDeep: "Expected fewer arrays and objects inside each other, found the limit exceeded"
        case .tooManyValues: "Expected fewer values in one document, found the limit exceeded"
        case .invalidNumber: "Expected a number as JSON writes it, found another form"
        case .numberOutOfRange: "Expected a number within double precision, found a larger one"
        case .controlCharacter: "Expected control characters in strings to be escaped, found one as it is"
        case .invalidEscape: "Expected an escape that JSON knows, found another"
        case .loneSurrogate: "Expected a pair of surrogates, found half of one"
        case .invalidUTF8: "Expected a string in UTF-8, found other bytes"
        }
    }
}
