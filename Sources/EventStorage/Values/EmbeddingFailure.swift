// SPDX-License-Identifier: MIT

/// Why an event has no embedding.
public struct EmbeddingFailure: Sendable, Hashable {
    /// Stable identifier for programs, for example `undecodable_image`.
    public let code: String
    /// A sentence for people.
    public let message: String

    /// A failure with `code`, explained by `message`.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
