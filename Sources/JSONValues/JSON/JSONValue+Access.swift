// SPDX-License-Identifier: MIT

extension JSONValue {
    /// Whether this is `null`.
    package var isNull: Bool { self == .null }

    /// The truth value, or nil for any other kind.
    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The integer, or nil for any other kind, `1.0` among them.
    package var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number, integers rounded to double precision, or nil for any other kind.
    package var numberValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The text, or nil for any other kind.
    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, or nil for any other kind.
    package var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, or nil for any other kind.
    package var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of an object; nil where there is none, and for any other kind.
    package subscript(key: String) -> JSONValue? { objectValue?[key] }

    /// The element of an array; nil beyond its ends, and for any other kind.
    package subscript(index: Int) -> JSONValue? {
        guard let elements = arrayValue, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}
