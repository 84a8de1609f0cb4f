// SPDX-License-Identifier: MIT

/// What one download has learnt from its responses so far.
struct TransferState: Sendable {
    /// Length of the whole content, where the manifest or a response told it.
    var total: Int?
    /// Of which content the partial file is a part.
    var validator: ResumeValidator
    /// False once the server answered a range with something unusable.
    var usesRanges = true
    /// Responses, and earlier runs, whose bytes are in the partial file.
    var pieceCount = 0
    /// True once any response came.
    var isAnswered = false
    /// Failures in a row, and in all.
    var failuresInRow = 0
    var failures = 0
}
