// SPDX-License-Identifier: MIT

/// What the form for signing in shows.
struct LoginForm: Sendable {
    /// Why the last attempt did not work.
    enum Failure: Sendable, Equatable {
        case wrongKey
        case tooMany(seconds: Int)

        /// The same for every wrong key, so that nothing is told about keys there are.
        var text: String {
            switch self {
            case .wrongKey: "That is no key of this server, or it was revoked."
            case .tooMany(let seconds): "Too many wrong keys. Try again in \(seconds) s."
            }
        }
    }

    /// Where the browser goes afterwards.
    let next: String
    var failure: Failure?
}
