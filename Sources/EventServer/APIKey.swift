// SPDX-License-Identifier: MIT

/// The key that clients send; never prints itself, whoever logs the options that hold it.
public struct APIKey: Sendable, Equatable {
    let text: String

    /// A key; surrounding spaces and line ends are the caller's to remove.
    public init(_ text: String) {
        self.text = text
    }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Not the key.
    public var description: String { "(API key)" }
    /// Not the key.
    public var debugDescription: String { description }
    /// Without the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
