// SPDX-License-Identifier: MIT

/// A setting that cannot be used.
enum SettingsError: Error, Equatable {
    case outOfRange(String, Int, ClosedRange<Int>)
    case invalid(String, String, expected: [String])
    case notANumber(String, String)
    case contradiction(String, String)
    case unreadableKeyFile(String)
    case notAThreshold(String)
    case unknownTimeZone(String)
}

extension SettingsError: CustomStringConvertible {
    var description: String {
        switch self {
        case .outOfRange(let name, let value, let range):
            "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)."
        case .invalid(let name, let value, let expected):
            "\(name) is '\(value)', expected one of: \(expected.joined(separator: ", "))."
        case .notANumber(let name, let value): "\(name) is '\(value)', expected a whole number."
        case .contradiction(let a, let b): "\(a) and \(b) cannot be used together."
        case .notAThreshold(let text):
            "--recurrence-threshold is '\(text)', expected a number from -1 to 1, or auto."
        case .unknownTimeZone(let name):
            "--time-zone is '\(name)', expected an IANA name such as Europe/Berlin."
        case .unreadableKeyFile(let path):
            "The API key file '\(path)' cannot be read or is empty; check AFTERIMAGE_API_KEY_FILE."
        }
    }
}
