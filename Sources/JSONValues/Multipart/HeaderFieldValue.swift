// SPDX-License-Identifier: MIT

/// A header's value with parameters, such as `form-data; name="event"` (RFC 9110, section 5.6.6).
struct HeaderFieldValue {
    /// What stands before the first semicolon, in lower case.
    let main: String
    /// Values by names in lower case.
    private(set) var parameters: [String: String] = [:]

    /// Nil for what does not have this form, and for a parameter that repeats: two readers could pick different
    /// ones.
    init?(_ text: some StringProtocol) {
        var scanner = HeaderScanner(text)
        main = scanner.scan { $0 != UInt8(ascii: ";") }.trimmed.lowercased()
        while scanner.skip(UInt8(ascii: ";")) {
            scanner.skipSpaces()
            // A semicolon at the end is common and harmless.
            if scanner.isAtEnd { break }
            let name = scanner.scan(while: HeaderScanner.isToken).lowercased()
            scanner.skipSpaces()
            guard !name.isEmpty, scanner.skip(UInt8(ascii: "=")) else { return nil }
            scanner.skipSpaces()
            guard let value = scanner.scanParameterValue() else { return nil }
            guard parameters.updateValue(value, forKey: name) == nil else { return nil }
            scanner.skipSpaces()
        }
        guard scanner.isAtEnd else { return nil }
    }
}
