// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import JSONValues

/// Reads the parameters of a query string and collects what is wrong with them.
///
/// Of a parameter that is given twice the last one counts.
struct QueryFields {
    private var values: [String: String] = [:]
    private(set) var issues: [ValidationIssue] = []

    init(query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[Self.decoded(parts[0])] = parts.count > 1 ? Self.decoded(parts[1]) : ""
        }
    }

    /// - Throws: ``Problem`` with all issues, if there are any.
    func finish() throws(Problem) {
        if !issues.isEmpty { throw .invalid(issues) }
    }

    /// Adds what is wrong.
    mutating func report(_ issue: ValidationIssue) { issues.append(issue) }

    /// A text; nil when absent or wrong.
    mutating func text(_ name: String, maximumLength: Int = 500) -> String? {
        guard let text = values[name] else { return nil }
        guard text.unicodeScalars.count <= maximumLength else {
            issues.append(
                ValidationIssue(
                    type: "string_too_long", location: ["query", .string(name)],
                    message: "String should have at most \(maximumLength) characters", input: .string(text)))
            return nil
        }
        return text
    }

    /// An integer within `range`; nil when absent or wrong.
    mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = values[name] else { return nil }
        let location: [JSONValue] = ["query", .string(name)]
        guard let number = Int(text) else {
            issues.append(
                ValidationIssue(
                    type: "int_parsing", location: location,
                    message: "Input should be a valid integer, unable to parse string as an integer",
                    input: .string(text)))
            return nil
        }
        guard range.contains(number) else {
            issues.append(
                .outOfRange(range, location, .string(text), isBelow: number < range.lowerBound))
            return nil
        }
        return number
    }

    /// A number within `range`; nil when absent or wrong.
    mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let text = values[name] else { return nil }
        let location: [JSONValue] = ["query", .string(name)]
        guard let number = Double(text), number.isFinite else {
            issues.append(
                ValidationIssue(
                    type: "float_parsing", location: location,
                    message: "Input should be a valid number, unable to parse string as a number",
                    input: .string(text)))
            return nil
        }
        guard range.contains(number) else {
            let isBelow = number < range.lowerBound
            let bound = isBelow ? range.lowerBound : range.upperBound
            issues.append(
                ValidationIssue(
                    type: isBelow ? "greater_than_equal" : "less_than_equal", location: location,
                    message:
                        "Input should be \(isBelow ? "greater" : "less") than or equal to \(bound.formatted())",
                    input: .string(text)))
            return nil
        }
        return number
    }

    /// A time; nil when absent or wrong.
    mutating func time(_ name: String) -> Timestamp? {
        guard let text = values[name] else { return nil }
        // A plus sign that was not encoded arrives as a space: 10:00:00 02:00 is an offset.
        guard let time = Timestamp(iso8601: text) ?? Timestamp(iso8601: Self.withPlus(text)) else {
            issues.append(.time(["query", .string(name)], .string(text)))
            return nil
        }
        return time
    }

    /// One of the cases of `Choice`; nil when absent or wrong.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) -> Choice? {
        guard let text = values[name] else { return nil }
        return parse(text, as: type, at: name)
    }

    /// Cases of `Choice` with commas between them; nil when absent.
    mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) -> [Choice] {
        guard let text = values[name], !text.isEmpty else { return [] }
        var choices: [Choice] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = part.trimmingCharacters(in: .whitespaces)
            if let choice = parse(part, as: type, at: name) { choices.append(choice) }
        }
        return choices
    }

    /// A cursor of an earlier page; nil when absent or wrong.
    mutating func cursor(_ name: String) -> EventCursor? {
        guard let text = values[name] else { return nil }
        guard let cursor = EventCursor(text: text) else {
            issues.append(
                .value("expected a cursor from next_cursor", ["query", .string(name)], .string(text)))
            return nil
        }
        return cursor
    }

    private mutating func parse<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String, as type: Choice.Type, at name: String
    ) -> Choice? {
        if let choice = Choice(rawValue: text) { return choice }
        issues.append(
            .literal(Choice.allCases.map(\.rawValue), ["query", .string(name)], .string(text)))
        return nil
    }

    private static func decoded(_ text: Substring) -> String {
        PercentEncoding.decoded(text.replacing("+", with: " "))
    }

    private static func withPlus(_ text: String) -> String {
        guard let space = text.lastIndex(of: " ") else { return text }
        return text.replacingCharacters(in: space...space, with: "+")
    }
}
