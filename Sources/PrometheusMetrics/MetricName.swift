// SPDX-License-Identifier: MIT

/// The rules for names in the Prometheus data model.
enum MetricName {
    /// Whether this is `[a-zA-Z_][a-zA-Z0-9_]*`; colons are for recording rules, not for programs.
    static func isValid(_ name: String) -> Bool {
        !name.isEmpty && sanitized(name) == name
    }

    /// Whether this is a name, not reserved by a leading `__`, and not the `le` of buckets.
    static func isValidLabel(_ name: String) -> Bool {
        isValid(name) && !name.hasPrefix("__") && name != "le"
    }

    /// The name with an underscore for each byte that is not allowed: `http.server.requests` has two.
    static func sanitized(_ name: String) -> String {
        let bytes = name.utf8.map { isAllowed($0) ? $0 : UInt8(ascii: "_") }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let first = bytes.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else {
            return "_" + text
        }
        return text
    }

    /// The label's name as ``sanitized(_:)``, kept clear of the reserved ones.
    static func sanitizedLabel(_ name: String) -> String {
        let text = sanitized(name)
        return isValidLabel(text) ? text : "label_" + text
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
