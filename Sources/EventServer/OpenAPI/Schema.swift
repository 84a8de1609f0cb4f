// SPDX-License-Identifier: MIT
internal import JSONValues

/// Builders of JSON Schema 2020-12, as OpenAPI 3.1 uses it.
enum Schema {
    static func string(
        lengths: ClosedRange<Int>? = nil, format: String? = nil, pattern: String? = nil,
        description: String? = nil
    ) -> JSONValue {
        var schema: JSONObject = ["type": "string"]
        if let lengths {
            schema["minLength"] = .integer(Int64(lengths.lowerBound))
            schema["maxLength"] = .integer(Int64(lengths.upperBound))
        }
        if let format { schema["format"] = .string(format) }
        if let pattern { schema["pattern"] = .string(pattern) }
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    /// A text of a body: any characters but U+0000, which SQLite takes for an end.
    static func text(lengths: ClosedRange<Int>, description: String? = nil) -> JSONValue {
        guard case .object(var schema) = string(lengths: lengths, description: description) else {
            return .null
        }
        schema["pattern"] = "^[^\\u0000]*$"
        return .object(schema)
    }

    static let time = string(format: "date-time", description: "ISO 8601; answers are in UTC with Z.")
    static let identifier = string(format: "uuid", description: "Lower-case UUID.")

    static func integer(
        _ range: ClosedRange<Int>? = nil, default fallback: Int? = nil, _ description: String? = nil
    ) -> JSONValue {
        var schema: JSONObject = ["type": "integer"]
        if let range {
            schema["minimum"] = .integer(Int64(range.lowerBound))
            if range.upperBound < Int.max { schema["maximum"] = .integer(Int64(range.upperBound)) }
        }
        if let fallback { schema["default"] = .integer(Int64(fallback)) }
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    static let count = integer(0...Int.max)
    static let number: JSONValue = ["type": "number"]

    static func boolean(default fallback: Bool? = nil) -> JSONValue {
        var schema: JSONObject = ["type": "boolean"]
        if let fallback { schema["default"] = .bool(fallback) }
        return .object(schema)
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ type: Choice.Type, default fallback: Choice? = nil
    ) -> JSONValue {
        var schema: JSONObject = [
            "type": "string", "enum": .array(Choice.allCases.map { .string($0.rawValue) }),
        ]
        if let fallback { schema["default"] = .string(fallback.rawValue) }
        return .object(schema)
    }

    static func nullable(_ schema: JSONValue) -> JSONValue {
        ["anyOf": [schema, ["type": "null"]]]
    }

    static func array(_ items: JSONValue, counts: ClosedRange<Int>? = nil) -> JSONValue {
        var schema: JSONObject = ["type": "array", "items": items]
        if let counts {
            schema["minItems"] = .integer(Int64(counts.lowerBound))
            if counts.upperBound < Int.max { schema["maxItems"] = .integer(Int64(counts.upperBound)) }
        }
        return .object(schema)
    }

    /// An object; all properties are required unless `required` names fewer.
    static func object(_ properties: [(String, JSONValue)], required: [String]? = nil) -> JSONValue {
        var object = JSONObject()
        for (name, schema) in properties { object[name] = schema }
        var schema: JSONObject = ["type": "object", "properties": .object(object)]
        let required = required ?? properties.map(\.0)
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        return .object(schema)
    }

    static func reference(_ name: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(name)")]
    }
}
