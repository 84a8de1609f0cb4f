// SPDX-License-Identifier: MIT
import Foundation

/// The value of a `Retry-After` header: seconds, or a date.
///
/// Source: RFC 9110, section 10.2.3.
enum RetryAfter {
    /// Seconds from `now`, never negative; nil for a value of neither form.
    static func seconds(_ header: String, now: Date) -> Int? {
        let text = header.trimmingCharacters(in: .whitespaces)
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return text.isEmpty ? nil : Int(text) ?? .max
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = format.date(from: text) else { return nil }
        return max(0, Int(min(date.timeIntervalSince(now).rounded(.up), 1e9)))
    }
}
