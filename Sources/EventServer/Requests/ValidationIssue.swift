// SPDX-License-Identifier: MIT
internal import JSONValues

/// One reason why a request is invalid, in the words that FastAPI's clients know.
///
/// Types and messages are those of Pydantic 2, <https://docs.pydantic.dev/latest/errors/validation_errors/>.
struct ValidationIssue: Sendable {
    /// What is wrong, for programs.
    let type: String
    /// Where: `body` or `query`, then names of fields and indices of lists.
    let location: [JSONValue]
    /// What is wrong, for people.
    let message: String
    /// What was found.
    let input: JSONValue

    var json: JSONValue {
        [
            "type": .string(type), "loc": .array(location), "msg": .string(message),
            "input": Self.shortened(input),
        ]
    }

    /// The input as far as it helps; a picture in base64 would not.
    private static func shortened(_ input: JSONValue) -> JSONValue {
        switch input {
        case .string(let text) where text.utf8.count > 200: .string(String(text.prefix(200)) + "…")
        case .array(let values) where values.count > 20: .string("list of \(values.count) items")
        case .array, .object:
            input.serialized().count > 500 ? .string("value of \(input.serialized().count) bytes") : input
        default: input
        }
    }
}

extension ValidationIssue {
    static func missing(_ location: [JSONValue], input: JSONValue) -> Self {
        Self(type: "missing", location: location, message: "Field required", input: input)
    }

    static func wrongType(_ type: String, _ kind: String, _ location: [JSONValue], _ input: JSONValue) -> Self
    {
        Self(type: type, location: location, message: "Input should be a valid \(kind)", input: input)
    }

    static func outOfRange(
        _ range: ClosedRange<Int>, _ location: [JSONValue], _ input: JSONValue, isBelow: Bool
    ) -> Self {
        Self(
            type: isBelow ? "greater_than_equal" : "less_than_equal", location: location,
            message: isBelow
                ? "Input should be greater than or equal to \(range.lowerBound)"
                : "Input should be less than or equal to \(range.upperBound)",
            input: input)
    }

    /// A string that is none of the allowed ones.
    static func literal(_ allowed: [String], _ location: [JSONValue], _ input: JSONValue) -> Self {
        let quoted = allowed.map { "'\($0)'" }
        let list =
            quoted.count > 1
            ? quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "") : quoted.joined()
        return Self(
            type: "literal_error", location: location, message: "Input should be \(list)", input: input)
    }

    static func value(_ reason: String, _ location: [JSONValue], _ input: JSONValue) -> Self {
        Self(type: "value_error", location: location, message: "Value error, \(reason)", input: input)
    }

    static func time(_ location: [JSONValue], _ input: JSONValue) -> Self {
        Self(
            type: "datetime_parsing", location: location,
            message: "Input should be a valid datetime in ISO 8601, such as 2026-05-14T18:02:03Z",
            input: input)
    }

    static func identifier(_ location: [JSONValue], _ input: JSONValue) -> Self {
        Self(
            type: "uuid_parsing", location: location,
            message: "Input should be a valid UUID, such as 3f1c9a52-6f0e-4c1b-9d83-0a4f5f0c2b7e",
            input: input)
    }
}
