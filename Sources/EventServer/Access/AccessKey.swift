// SPDX-License-Identifier: MIT

/// A key as its holder knows it; made here, shown once, and kept by nobody but the holder.
package struct AccessKey: Sendable {
    /// Begins with a name, so that people and programs that look for leaked secrets know what they see.
    private static let prefix = "afterimage_"

    /// The key.
    package let text: String

    /// A new key of 256 random bits.
    package init() {
        text = Self.prefix + SecretToken().text
    }

    /// SHA-256 of the key, which is what the database keeps.
    ///
    /// Nobody can try out 256 random bits, so nothing has to make trying slow, as it has with passwords.
    package var digest: [UInt8] { SecretToken.digest(of: text) }
}
