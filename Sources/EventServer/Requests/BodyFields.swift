// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import JSONValues

/// Reads the fields of a JSON body and collects what is wrong with them, so that one answer names every mistake.
///
/// Types are strict: a number in quotes is a string. A number without fraction is an integer, as in JSON Schema.
struct BodyFields {
    let object: JSONObject
    private(set) var issues: [ValidationIssue] = []

    /// - Throws: ``Problem`` when the body is not an object.
    init(_ body: JSONValue) throws(Problem) {
        guard case .object(let object) = body else {
            throw .invalid([
                ValidationIssue(
                    type: "model_attributes_type", location: ["body"],
                    message: "Input should be a valid dictionary or object to extract fields from",
                    input: body)
            ])
        }
        self.object = object
    }

    /// Ends the reading.
    ///
    /// - Throws: ``Problem`` with all issues, if there are any.
    func finish() throws(Problem) {
        if !issues.isEmpty { throw .invalid(issues) }
    }

    mutating func report(_ issue: ValidationIssue) {
        issues.append(issue)
    }

    /// A text of `lengths` characters (Unicode scalars, as Python counts); nil when absent, null or wrong.
    mutating func text(_ name: String, lengths: ClosedRange<Int>, isRequired: Bool = false) -> String? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard case .string(let text) = value else {
            report(.wrongType("string_type", "string", ["body", .string(name)], value))
            return nil
        }
        let length = text.unicodeScalars.count
        guard lengths.contains(length) else {
            let isShort = length < lengths.lowerBound
            let bound = isShort ? lengths.lowerBound : lengths.upperBound
            report(
                ValidationIssue(
                    type: isShort ? "string_too_short" : "string_too_long",
                    location: ["body", .string(name)],
                    message: "String should have at \(isShort ? "least" : "most") \(bound) "
                        + "character\(bound == 1 ? "" : "s")",
                    input: value))
            return nil
        }
        guard !text.unicodeScalars.contains("\0") else {
            report(.value("text must not contain U+0000", ["body", .string(name)], value))
            return nil
        }
        return text
    }

    /// An integer within `range`; nil when absent or wrong.
    ///
    /// Null is wrong, as the type is not optional.
    mutating func integer(_ name: String, in range: ClosedRange<Int>, isRequired: Bool = false) -> Int? {
        guard let value = object[name] ?? value(name, isRequired: isRequired) else { return nil }
        let location: [JSONValue] = ["body", .string(name)]
        let number: Double
        switch value {
        case .integer(let integer): number = Double(integer)
        case .number(let double) where double == double.rounded(): number = double
        case .number:
            report(
                ValidationIssue(
                    type: "int_from_float", location: location,
                    message: "Input should be a valid integer, got a number with a fractional part",
                    input: value)
            )
            return nil
        default:
            report(.wrongType("int_type", "integer", location, value))
            return nil
        }
        guard number >= Double(range.lowerBound), number <= Double(range.upperBound) else {
            report(.outOfRange(range, location, value, isBelow: number < Double(range.lowerBound)))
            return nil
        }
        return Int(number)
    }

    /// A boolean; `fallback` when absent or wrong.
    ///
    /// Null is wrong, as the type is not optional.
    mutating func boolean(_ name: String, default fallback: Bool) -> Bool {
        guard let value = object[name] else { return fallback }
        guard case .bool(let bool) = value else {
            report(.wrongType("bool_type", "boolean", ["body", .string(name)], value))
            return fallback
        }
        return bool
    }

    /// One of the cases of `Choice`; nil when absent, null or wrong.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Choice.Type, acceptsNull: Bool
    ) -> Choice? {
        guard let value = object[name] else { return nil }
        if acceptsNull, case .null = value { return nil }
        return parse(value, as: type, at: ["body", .string(name)])
    }

    /// A list of at least one case of `Choice`.
    mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) -> [Choice] {
        guard let value = value(name, isRequired: true) else { return [] }
        guard case .array(let values) = value else {
            report(.wrongType("list_type", "list", ["body", .string(name)], value))
            return []
        }
        guard !values.isEmpty, values.count <= 100 else {
            let bound = values.isEmpty ? "least 1 item" : "most 100 items"
            report(
                ValidationIssue(
                    type: values.isEmpty ? "too_short" : "too_long", location: ["body", .string(name)],
                    message: "List should have at \(bound) after validation, not \(values.count)",
                    input: value))
            return []
        }
        var choices: [Choice] = []
        for (index, value) in values.enumerated() {
            let location: [JSONValue] = ["body", .string(name), .integer(Int64(index))]
            if let choice = parse(value, as: type, at: location) { choices.append(choice) }
        }
        return choices
    }

    /// A required time, converted to UTC.
    mutating func time(_ name: String) -> Timestamp? {
        guard let value = value(name, isRequired: true) else { return nil }
        guard case .string(let text) = value, let time = Timestamp(iso8601: text) else {
            report(.time(["body", .string(name)], value))
            return nil
        }
        return time
    }

    /// A UUID in any spelling of letters, as lower case; nil when absent, null or wrong.
    mutating func identifier(_ name: String) -> String? {
        guard let value = value(name, isRequired: false) else { return nil }
        guard case .string(let text) = value, let identifier = UUID(uuidString: text) else {
            report(.identifier(["body", .string(name)], value))
            return nil
        }
        return identifier.uuidString.lowercased()
    }

    /// The field, when it is there and not null; a required one that is absent or null is reported.
    private mutating func value(_ name: String, isRequired: Bool) -> JSONValue? {
        switch object[name] {
        case nil:
            if isRequired { report(.missing(["body", .string(name)], input: .object(object))) }
            return nil
        case .some(.null):
            return isRequired ? .null : nil
        case .some(let value):
            return value
        }
    }

    private mutating func parse<Choice: RawRepresentable<String> & CaseIterable>(
        _ value: JSONValue, as type: Choice.Type, at location: [JSONValue]
    ) -> Choice? {
        if case .string(let text) = value, let choice = Choice(rawValue: text) { return choice }
        report(.literal(Choice.allCases.map(\.rawValue), location, value))
        return nil
    }
}
