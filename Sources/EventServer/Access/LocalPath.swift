// SPDX-License-Identifier: MIT

/// Where a browser goes after signing in: a place on this server and nowhere else.
enum LocalPath {
    /// `text` when it is a path of this server, else the first page.
    ///
    /// Two slashes at the start name another host, and browsers take a backslash for a slash.
    static func checked(_ text: String?) -> String {
        guard let text, text.utf8.count <= 2000, text.hasPrefix("/"), !text.hasPrefix("//"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return "/" }
        return text
    }
}
