// SPDX-License-Identifier: MIT

/// Why a server does not start.
public enum ServerSetupError: Error, Equatable, Sendable {
    /// The address can be reached from other machines, and there is no API key.
    case keyNeeded(host: String)
    /// The API key can be guessed.
    case keyTooShort
    /// A page's template that was built in cannot be read.
    case templateInvalid(name: String, reason: String)
}

extension ServerSetupError: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .keyNeeded(let host):
            """
            '\(host)' can be reached from other machines, and there is no API key: make one with \
            'afterimage keys create', set AFTERIMAGE_API_KEY or AFTERIMAGE_API_KEY_FILE, or listen on 127.0.0.1.
            """
        case .keyTooShort:
            "The API key has fewer than 8 bytes; make one with 'openssl rand -hex 32'."
        case .templateInvalid(let name, let reason):
            "The built-in template '\(name)' cannot be read (\(reason)); this is a fault of this build."
        }
    }

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .keyNeeded: "api_key_needed"
        case .keyTooShort: "api_key_too_short"
        case .templateInvalid: "template_invalid"
        }
    }
}
