// SPDX-License-Identifier: MIT
internal import EventStorage
internal import JSONValues

/// Fields of a body that changes something: what is absent stays as it is.
extension BodyFields {
    /// A text that null clears; nil when absent or wrong.
    mutating func change(_ name: String, lengths: ClosedRange<Int>) -> EntityChange.Text? {
        guard let value = object[name] else { return nil }
        if case .null = value { return .clear }
        return text(name, lengths: lengths).map { .set($0) }
    }

    /// A boolean; nil when absent or wrong.
    ///
    /// Null is wrong, as the type is not optional.
    mutating func flag(_ name: String) -> Bool? {
        object[name] == nil ? nil : boolean(name, default: false)
    }

    /// A list of texts without repetitions of `counts` elements; nil when wrong.
    mutating func texts(_ name: String, counts: ClosedRange<Int>) -> [String]? {
        guard let value = object[name] else {
            report(.missing(["body", .string(name)], input: .object(object)))
            return nil
        }
        guard case .array(let values) = value else {
            report(.wrongType("list_type", "list", ["body", .string(name)], value))
            return nil
        }
        guard counts.contains(values.count) else {
            let isShort = values.count < counts.lowerBound
            let bound = isShort ? "least \(counts.lowerBound) item" : "most \(counts.upperBound) items"
            report(
                ValidationIssue(
                    type: isShort ? "too_short" : "too_long", location: ["body", .string(name)],
                    message: "List should have at \(bound) after validation, not \(values.count)",
                    input: value))
            return nil
        }
        var texts: [String] = []
        for (index, value) in values.enumerated() {
            guard case .string(let text) = value else {
                report(
                    .wrongType(
                        "string_type", "string", ["body", .string(name), .integer(Int64(index))], value))
                continue
            }
            if !texts.contains(text) || texts.count > 1000 { texts.append(text) }
        }
        return texts
    }
}

/// A boolean in a query string.
enum QueryFlag: String, CaseIterable, Sendable {
    case `true`
    case `false`
}
