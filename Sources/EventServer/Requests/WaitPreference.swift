// SPDX-License-Identifier: MIT

/// `Prefer: wait=N` of RFC 7240: how long a client is ready to wait for the embedding.
struct WaitPreference: Sendable, Equatable {
    /// 1…30.
    let seconds: Int

    /// The preference of a header's value; nil when there is none.
    ///
    /// More than 30 seconds count as 30.
    init?(_ header: String?) {
        for preference in (header ?? "").split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let parts = preference.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ !$0.isWhitespace }).lowercased() == "wait",
                let seconds = Int(parts[1].filter { !$0.isWhitespace && $0 != "\"" }), seconds > 0
            else { continue }
            self.seconds = min(seconds, 30)
            return
        }
        return nil
    }
}
