// SPDX-License-Identifier: MIT

/// Times as the interface writes them.
enum TimeText {
    /// ISO 8601 in UTC with a `Z`.
    static var pattern: Regex<Substring> {
        #/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z/#
    }

    /// A lower-case UUID of version 4.
    static var identifier: Regex<Substring> {
        #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#
    }
}
